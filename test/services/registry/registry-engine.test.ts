import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Operation } from "../../../plan/model.ts";
import { runStack } from "../../../sandbox/engine/engine.ts";
import type { RunResult } from "../../../sandbox/engine/run.ts";
import { aliasRegistry, lab, named, of, PASSWORD, registry, writes } from "./registry-alias.ts";

let folder: string;
let events: string[];

aliasRegistry();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lectern-alias-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The program and the provider run as they do under Pulumi, each in a process of its own. */
async function run(operation: Operation, image: Record<string, unknown> = {}): Promise<RunResult> {
  events = [];
  return runStack({
    operation,
    projectRoot: join(import.meta.dirname, "fixtures/recommended"),
    project: "lectern",
    stack: "dev",
    stateFolder: folder,
    config: {
      "fixture:image": JSON.stringify({ source: lab(), target: "w_2026_44", ...image }),
      "lectern:registries": JSON.stringify({ [registry.host]: { username: "promoter" } }),
      "lectern:registryPasswords": JSON.stringify({ [registry.host]: PASSWORD }),
    },
    secretKeys: ["lectern:registryPasswords"],
    onEvent: (event) => void events.push(JSON.stringify(event)),
  });
}

const aliasSteps = (result: RunResult) => {
  expect(result.ok, JSON.stringify(result.diagnostics)).toBe(true);
  return result.steps.filter(({ type }) => type.endsWith(":ImageAlias")).map(({ op }) => op);
};

// Eight runs of two processes each; a busy machine takes its time.
const TIMEOUT = 240_000;

it(
  "RecommendedImage is planned, moved, left alone, refreshed, rolled back",
  async () => {
    expect(aliasSteps(await run("preview"))).toEqual(["create"]);
    expect(writes()).toEqual([]);
    expect(events.join("\n")).toMatch(
      /recommended: Weekly 2026_40 \(sha256:\w+…\) → Weekly 2026_44 \(sha256:\w+…\)/,
    );

    const first = await run("up");
    expect(aliasSteps(first)).toEqual(["create"]);
    expect(named()).toBe(of("w_2026_44"));
    expect(first.outputs).toEqual({
      alias: "recommended",
      target: "w_2026_44",
      digest: of("w_2026_44"),
      image: `${lab()}@${of("w_2026_44")}`,
      previous: of("w_2026_40"),
    });

    registry.forget();
    expect(aliasSteps(await run("up"))).toEqual(["same"]);
    expect(writes()).toEqual([]);

    registry.store.tag("lectern/lab", { recommended: of("r1_0_0") });
    expect(aliasSteps(await run("refresh"))).toEqual(["update"]);
    expect(aliasSteps(await run("up"))).toEqual(["update"]);
    expect(named()).toBe(of("w_2026_44"));

    expect(aliasSteps(await run("up", { rollback: true }))).toEqual(["update"]);
    expect(named()).toBe(of("w_2026_40"));

    expect(await readFile(join(folder, "dev.json"), "utf8")).not.toContain(PASSWORD);
    expect(events.join("\n")).not.toContain(PASSWORD);
  },
  TIMEOUT,
);

it(
  "a bad target fails the preview, with the nearest tags, and nothing is moved",
  async () => {
    const result = await run("preview", { target: "w_2026_45" });
    expect(result.ok).toBe(false);
    expect(JSON.stringify([result, events])).toMatch(
      /the registry has no .*w_2026_45.*Did you mean .*w_2026_44/,
    );
    expect(writes()).toEqual([]);
  },
  TIMEOUT,
);

it(
  "one of two repositories that fails is finished by the next run",
  async () => {
    const repositories = [lab(), lab("east")];
    const repair = registry.fail({ kind: "denied", match: /^PUT .*east\/manifests\/recommended/ });
    const failed = await run("up", { repositories });
    expect(failed.ok).toBe(false);
    expect(JSON.stringify([failed, events])).toContain("1 of 2 repositories");
    repair();
    expect(aliasSteps(await run("up", { repositories }))).toEqual(["update"]);
    expect(named("east")).toBe(of("w_2026_44"));
    expect(aliasSteps(await run("up", { repositories }))).toEqual(["same"]);
  },
  TIMEOUT,
);
