import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newWorld, type World } from "../fixtures/scenario.ts";
import { localAdapters } from "./adapters.ts";

let world: World;
beforeEach(async () => {
  world = await newWorld();
});
afterEach(() => world.remove());

const CANARY = "canary-of-the-adapters";

it("renders manifests and runs commands, with secrets only where they are needed", {
  timeout: 240_000,
}, async () => {
  const adapters = localAdapters({ stateFolder: world.stateFolder, stack: "dev" });
  const rendered = join(world.stateFolder, "rendered", "dev");
  const proof = join(world.folder, "proof");
  const daemon = (image: string) => ({
    name: "pull",
    type: "kubernetes:apps/v1:DaemonSet",
    props: { metadata: { namespace: "hub" }, spec: { image } },
  });
  const rest = [
    { name: "s", type: "kubernetes:core/v1:Secret", props: { stringData: { key: CANARY } } },
    {
      name: "hub",
      type: "kubernetes:helm.sh/v3:Release",
      props: { chart: "jupyterhub" },
      secret: { values: { token: CANARY } },
    },
    {
      name: "run",
      type: "command:local:Command",
      props: { create: `printf %s "$WORD $(cat)" > ${proof}`, delete: `rm ${proof}`, stdin: "in" },
      secret: { environment: { WORD: `it's ${CANARY}` } },
    },
  ];
  const first = await world.run("up", [daemon("a@sha256:1"), ...rest], { adapters });
  expect(first).toMatchObject({ ok: true, summary: { create: 5 } });
  expect(readFileSync(proof, "utf8")).toBe(`it's ${CANARY} in`);
  expect(readdirSync(rendered).sort()).toEqual([
    "daemonset-hub-pull.yaml",
    "release-hub.yaml",
    "secret-s.yaml",
  ]);
  const files = readdirSync(rendered).map((name) => readFileSync(join(rendered, name), "utf8"));
  expect(JSON.stringify([files, first, world.events])).not.toContain(CANARY);

  const second = await world.run("up", [daemon("a@sha256:2"), ...rest], { adapters });
  expect(second.summary).toEqual({ update: 1, same: 4 });
  expect(second.steps.find(({ op }) => op === "update")?.changed).toEqual(["spec.image"]);

  const last = await world.run("destroy", [], { adapters });
  expect(last.summary).toEqual({ delete: 5 });
  expect([existsSync(proof), readdirSync(rendered)]).toEqual([false, []]);
});

it("refuses a remote command without the host's key", { timeout: 240_000 }, async () => {
  const adapters = localAdapters({ stateFolder: world.stateFolder, stack: "dev" });
  const connection = { host: "127.0.0.1", privateKey: "none" };
  const remote = { name: "r", type: "command:remote:Command", props: { create: "true", connection } };
  const result = await world.run("preview", [remote], { adapters });
  expect(result.diagnostics.map(({ message }) => message)).toEqual([
    "connection.hostKey: is missing: without the host's key anyone could answer for it",
  ]);
});
