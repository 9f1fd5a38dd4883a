import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Described } from "../../sandbox/engine/fixtures/project/index.ts";
import { newWorld, PROJECT_ROOT, type World } from "../../sandbox/engine/fixtures/scenario.ts";
import { startSshd } from "../services/hosts/sshd.ts";
import { findSshd, requireService } from "../services/require.ts";
import { findPulumi } from "./programs.ts";
import { type Operated, type Operation, Pulumi } from "./pulumi.ts";

const MINUTES = 60_000;

let world: World;
beforeEach(async () => {
  world = await newWorld();
});
afterEach(() => world.remove());

const found = () => {
  const [cli, sshd] = [findPulumi(), findSshd()];
  return cli && sshd ? { cli, sshd } : undefined;
};
requireService("the real Pulumi and an SSH server", found, ({ cli, sshd: sshdProgram }) => {
  /** Runs the fixture's program over one command, and tells of its steps and of what it printed. */
  const deployment = async (type: string) => {
    const pulumi = new Pulumi({ cli, folder: join(world.folder, "pulumi"), root: PROJECT_ROOT });
    await pulumi.init("dev");
    return async (operation: Operation, props: Described["props"] = {}) => {
      const resources: Described[] = [{ name: "c", type, props }];
      await pulumi.configure("dev", {
        "lectern:world": join(world.folder, "world"),
        "fixture:resources": JSON.stringify(resources),
      });
      const run = await pulumi.run(operation, "dev");
      const state = join(world.folder, "state.json");
      await pulumi.export("dev", state);
      const all = JSON.parse(readFileSync(state, "utf8")).deployment.resources ?? [];
      return { run, outputs: all.find((one: { type: string }) => one.type === type)?.outputs };
    };
  };
  const stepsOf = ({ steps }: Operated) =>
    steps.filter(({ name }) => name === "c").map(({ op, failed }) => (failed ? `${op} failed` : op));

  it("the Command package's stand-in runs local commands on create, update, replacement and delete", {
    timeout: 10 * MINUTES,
  }, async () => {
    const file = join(world.folder, "made");
    const run = await deployment("command:local:Command");
    const props = {
      create: `echo made >> ${file}; echo "$GREETING"`,
      update: `echo changed >> ${file}; cat`,
      delete: `echo gone >> ${file}`,
      environment: { GREETING: "hello" },
      triggers: [1],
    };
    const planned = await run("preview", props);
    expect(stepsOf(planned.run), planned.run.stdout).toEqual(["create"]);
    expect(existsSync(file)).toBe(false);
    const created = await run("up", props);
    expect(stepsOf(created.run), created.run.stdout).toEqual(["create"]);
    expect(created.outputs).toMatchObject({ stdout: "hello", stderr: "" });
    expect(stepsOf((await run("up", props)).run)).toEqual(["same"]);

    const updated = await run("up", { ...props, stdin: "from the input" });
    expect(stepsOf(updated.run)).toEqual(["update"]);
    expect(updated.outputs).toMatchObject({ stdout: "from the input" });
    const replaced = await run("up", { ...props, stdin: "from the input", triggers: [2] });
    expect(stepsOf(replaced.run)).toEqual(["replace", "delete-replaced"]);
    const failed = await run("up", { ...props, triggers: [2], update: "echo broken >&2; exit 3" });
    expect(stepsOf(failed.run)).toEqual(["update failed"]);
    expect(failed.run.stdout).toContain("broken");
    expect(stepsOf((await run("destroy")).run)).toEqual(["delete"]);
    expect(readFileSync(file, "utf8").trim().split("\n")).toEqual([
      "made",
      "changed",
      "made",
      "gone",
      "gone",
    ]);
  });

  it("it runs remote commands on a host whose key it knows, and on no other", {
    timeout: 10 * MINUTES,
  }, async () => {
    const sshd = await startSshd(sshdProgram);
    try {
      const { port, user, hostKey, otherHostKey, privateKey } = sshd;
      const connection = { host: "127.0.0.1", port, user, hostKey, privateKey };
      const run = await deployment("command:remote:Command");
      const refused = await run("up", {
        create: "id -un",
        connection: { ...connection, hostKey: otherHostKey },
      });
      expect(stepsOf(refused.run)).toEqual(["create failed"]);
      const created = await run("up", { create: "id -un; cat", stdin: "given", connection });
      expect(stepsOf(created.run), created.run.stdout).toEqual(["create"]);
      expect(created.outputs).toMatchObject({ stdout: `${user}\ngiven` });
    } finally {
      await sshd.stop();
    }
  });
});
