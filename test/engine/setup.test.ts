import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { callSandbox, report } from "../sandbox/command.ts";
import { makeRepository, type Repository } from "../sandbox/repository.ts";
import { type Sshd, startSshd } from "../services/hosts/sshd.ts";
import { findSshd, requireService } from "../services/require.ts";
import { LecternOnPulumi } from "./lectern.ts";
import { findPulumi } from "./programs.ts";

// The whole program on both engines: what a host's setup commands do, and what the state has of them.
const MINUTES = 60_000;
const STACK = "sandbox";

interface Ran {
  readonly ok: boolean;
  /** `create main-127.0.0.1-2222-prepare`, of commands and kernels, in the order in which they ended. */
  readonly steps: readonly string[];
  readonly said: string;
}

interface Engine {
  run(operation: "preview" | "up", environment?: Record<string, string>): Promise<Ran>;
  /** The state as text, with its secrets where they can be shown. */
  state(): Promise<string>;
}

const found = () => {
  const [cli, sshd] = [findPulumi(), findSshd()];
  return cli && sshd ? { cli, sshd } : undefined;
};

requireService("the real Pulumi and an SSH server", found, ({ cli, sshd: program }) => {
  let sshd: Sshd;
  let folder: string;
  let agent: ReturnType<typeof spawn>;
  const agentSocket = () => join(folder, "agent");
  beforeAll(async () => {
    sshd = await startSshd(program);
    folder = mkdtempSync(join(tmpdir(), "lectern-setup-"));
    agent = spawn("ssh-agent", ["-D", "-a", agentSocket()], { stdio: "ignore" });
    await vi.waitUntil(() => existsSync(agentSocket()), { timeout: 60_000 });
    const env = { ...process.env, SSH_AUTH_SOCK: agentSocket() };
    execFileSync("ssh-add", ["-q", sshd.privateKeyFile], { env });
  });
  afterAll(async () => {
    agent?.kill();
    await sshd?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  let repository: Repository;
  let place: string;
  let setup: Record<string, { create: string; update?: string; delete?: string }>;
  let hostKey: string;
  beforeEach(() => {
    place = mkdtempSync(join(folder, "place-"));
    repository = makeRepository();
    const kernel = { display_name: "Python", language: "python", process_proxy: { class: "local" } };
    repository.write("kernels/python/kernel.yaml", kernel);
    repository.commit();
    hostKey = sshd.hostKey;
  });
  afterEach(() => repository.remove());

  const gateways = () => {
    const host = { host: "127.0.0.1", port: sshd.port, user: sshd.user, hostKey, setup };
    return JSON.stringify({
      main: { hosts: [host], specsFolder: join(place, "kernels"), restart: { mode: "none" }, pull: "none" },
    });
  };
  const stepsOf = (steps: readonly { op: string; type: string; name: string }[]) =>
    steps
      .filter(({ op, type }) => op !== "same" && /remote:Command$|:Kernelspec$/.test(type))
      .map(({ op, name }) => `${op} ${name.replace(String(sshd.port), "PORT")}`);

  function sandbox(): Engine {
    const at = ["--stack", STACK, "--state", join(place, "state"), "--catalog", repository.catalog, "--json"];
    return {
      run: async (operation, environment = { SSH_AUTH_SOCK: agentSocket() }) => {
        const ended = await callSandbox(
          [operation, ...at, "--config", `gateways=${gateways()}`],
          environment,
        );
        const { ok, steps } = report(ended);
        const done = steps.filter(({ error }) => error === undefined);
        return { ok, steps: stepsOf(done), said: ended.stdout + ended.stderr };
      },
      state: async () => readFileSync(join(place, "state/state", `${STACK}.json`), "utf8"),
    };
  }

  function pulumi(): Engine {
    const lectern = new LecternOnPulumi({
      cli,
      folder: join(place, "real"),
      catalog: repository.catalog,
      config: () => ({ "lectern:gateways": gateways() }),
    });
    return {
      run: async (operation, environment = { SSH_AUTH_SOCK: agentSocket() }) => {
        const { SSH_AUTH_SOCK: _, ...own } = lectern.pulumi.environment;
        for (const key of Object.keys(lectern.pulumi.environment)) delete lectern.pulumi.environment[key];
        Object.assign(lectern.pulumi.environment, own, environment);
        const { ok, steps, stdout, stderr } = await lectern.run(operation, STACK);
        return { ok, steps: stepsOf(steps.filter(({ failed }) => !failed)), said: stdout + stderr };
      },
      state: async () =>
        (await lectern.pulumi.call("stack", "export", "--show-secrets", "--stack", STACK)).stdout,
    };
  }

  describe.each([
    ["the sandbox's engine", sandbox],
    ["Pulumi", pulumi],
  ])("on %s", (_, open) => {
    it("setup commands run before the kernels where they are new, change and go", {
      timeout: 10 * MINUTES,
    }, async () => {
      const engine = open();
      const file = join(place, "made");
      const made = () => (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []);
      const command = (create: string, update: string) => ({
        prepare: {
          create: `echo ${create} >> ${file}; echo printed-by-the-host; ls ${join(place, "kernels/python")} >> ${file} 2>/dev/null || true`,
          update: `echo ${update} >> ${file}`,
          delete: `echo gone >> ${file}`,
        },
      });
      setup = command("new", "changed");
      const planned = await engine.run("preview");
      expect(planned.ok, planned.said).toBe(true);
      expect(planned.steps).toEqual(["create main-127.0.0.1-PORT-prepare", "create python"]);
      expect(made()).toEqual([]);

      const created = await engine.run("up");
      expect(created.ok, created.said).toBe(true);
      expect(created.steps).toEqual(["create main-127.0.0.1-PORT-prepare", "create python"]);
      // No kernel was there yet.
      expect(made()).toEqual(["new"]);
      expect(existsSync(join(place, "kernels/python/kernel.json"))).toBe(true);
      expect(created.said).not.toContain("printed-by-the-host");
      const state = await engine.state();
      expect(state).toContain('"logging": "none"');
      expect(state).not.toMatch(/PRIVATE KEY|privateKey|agentSocketPath/);
      for (const line of sshd.privateKey.split("\n").slice(1, -2)) expect(state).not.toContain(line);

      expect((await engine.run("up")).steps).toEqual([]);

      setup = command("other", "changed");
      const changed = await engine.run("up");
      expect(changed.steps, changed.said).toEqual(["update main-127.0.0.1-PORT-prepare"]);
      expect(made()).toEqual(["new", "changed"]);

      setup = {};
      const removed = await engine.run("up");
      expect(removed.steps, removed.said).toEqual(["delete main-127.0.0.1-PORT-prepare"]);
      expect(made()).toEqual(["new", "changed", "gone"]);
    });

    it("nothing is sent to a host with another key, and no kernel is brought there", {
      timeout: 5 * MINUTES,
    }, async () => {
      const engine = open();
      hostKey = sshd.otherHostKey;
      setup = { prepare: { create: `touch ${join(place, "made")}` } };
      const refused = await engine.run("up");
      expect(refused.ok).toBe(false);
      expect(refused.steps).toEqual([]);
      expect(existsSync(join(place, "made"))).toBe(false);
      expect(existsSync(join(place, "kernels"))).toBe(false);
    });

    it("without an agent the plan fails and says how to start one", { timeout: 5 * MINUTES }, async () => {
      const engine = open();
      setup = { prepare: { create: "true" } };
      const plan = await engine.run("preview", { SSH_AUTH_SOCK: "" });
      expect(plan.ok).toBe(false);
      expect(plan.said).toMatch(/setup commands log in with an SSH agent.*ssh-add/s);
    });
  });
});
