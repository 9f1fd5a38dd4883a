import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAddress } from "../../sandbox/services/host/protocol.ts";
import { oneArticleSchema } from "../../studio/api/articles.ts";
import { type CommandResult, callSandbox, report, type SandboxCommand } from "./command.ts";
import { makeRepository, type Repository } from "./repository.ts";

let state: string;
let repository: Repository;
let running: SandboxCommand[];
beforeEach(() => {
  state = join(mkdtempSync(join(tmpdir(), "lectern-services-")), "state");
  repository = makeRepository();
  running = [];
  kernel("2025.2");
  repository.addCourse("bell", { kernelId: "Sums" });
  repository.commit();
});
afterEach(async () => {
  for (const { child } of running) child.kill("SIGKILL");
  await Promise.all(running);
  await expect.poll(() => existsSync(join(state, "services.lock"))).toBe(false);
  repository.remove();
  rmSync(join(state, ".."), { recursive: true });
});

function kernel(tag: string, more: object = {}): void {
  const image = `lectern/python-science:${tag}`;
  repository.write("kernels/sums/kernel.yaml", { display_name: "Sums", language: "python", image, ...more });
}

function sandbox(command: string, ...options: string[]): SandboxCommand {
  const called = callSandbox([command, "--state", state, "--catalog", repository.catalog, ...options]);
  running.push(called);
  return called;
}

interface Serving {
  readonly pid: number | undefined;
  printed(): string;
  /** Ctrl-C. */
  stop(): Promise<CommandResult>;
}

/** `serve`, once it has printed where the services are. */
async function serving(...options: string[]): Promise<Serving> {
  const called = sandbox("serve", ...options);
  let printed = "";
  for (const output of [called.child.stdout, called.child.stderr]) {
    output?.on("data", (text) => {
      printed += text;
    });
  }
  await expect.poll(() => printed).toMatch(/gateway {3}http/);
  const stop = () => {
    called.child.kill("SIGINT");
    return called;
  };
  return { pid: called.child.pid, printed: () => printed, stop };
}

const linkIn = ({ stdout }: CommandResult) => /http:\S+\/learn\/\S+/.exec(stdout)?.[0] ?? "";
const statusOf = async (url: string) => (await fetch(url)).status;

describe("the services of a state folder", () => {
  it("are shared by commands that run at the same time, and go on for the last of them", async () => {
    const first = await serving();
    const up = await sandbox("up");
    expect(up.code, up.stderr).toBe(0);
    const link = linkIn(up);
    expect(first.printed()).toContain(new URL(link).origin);
    expect(up.stdout).toContain(`The links open while \`sandbox serve\` (process ${first.pid}) runs.`);
    const second = await serving();
    expect(await first.stop()).toMatchObject({ code: 0 });
    expect(await statusOf(link)).toBe(200);
    await second.stop();
    await expect(fetch(link)).rejects.toThrow();
    await serving();
    expect(await statusOf(link), "on the same port").toBe(200);
  });

  it("end with a command that is killed, and are there for the next one", async () => {
    const up = sandbox("up");
    await expect.poll(() => readAddress(state)).toBeDefined();
    process.kill(-(up.child.pid ?? 0), "SIGKILL");
    await up;
    const next = report(await sandbox("up", "--json"));
    expect(next.ok, JSON.stringify(next)).toBe(true);
  });

  it("are not started by a second deployment, which finds the lock of the first on a fresh state", async () => {
    const results = await Promise.all([sandbox("up"), sandbox("up")]);
    const refused = results.filter(({ code }) => code === 1);
    expect(results.map(({ code }) => code).sort(), JSON.stringify(results)).toEqual([0, 1]);
    expect(refused[0]?.stderr).toMatch(/is using this state\. Wait until it ends, or stop it\.$/m);
    expect(refused[0]?.stderr).not.toMatch(/\n\s+at /);
  });

  it("get what changes in the catalog while it is watched, also after a mistake in it", async () => {
    const server = await serving("--watch");
    await expect.poll(server.printed).toContain("Done: 4 created.");
    const link = /http:\S+\/learn\/[\w-]+/.exec((await sandbox("up")).stdout)?.[0] ?? "";
    repository.addCourse("bell", { kernelId: "Sms" });
    await expect.poll(server.printed).toContain('Did you mean "Sums"?');
    repository.addCourse("bell", { kernelId: "Sums", text: "Quite another one." });
    await expect.poll(server.printed).toContain("Done: 1 updated, 3 unchanged.");
    expect(await (await fetch(link)).text()).toContain("Quite another one.");
    expect(await server.stop()).toMatchObject({ code: 0 });
  });

  it("bring the studio, which knows what is deployed and ends with them", async () => {
    expect((await sandbox("up")).code).toBe(0);
    const server = await serving();
    await expect.poll(server.printed).toMatch(/studio {4}http/);
    const [invitation = ""] = /http:\S+token=\S+/.exec(server.printed()) ?? [];
    const entered = await fetch(invitation, { redirect: "manual" });
    const cookie = entered.headers.getSetCookie().map((one) => one.split(";")[0] ?? "");
    const headers = { cookie: cookie.join("; ") };
    const bell = async () => {
      const answer = await fetch(new URL("/api/articles/course/bell", invitation), { headers });
      return oneArticleSchema.parse(await answer.json()).deployed;
    };
    expect(await bell()).toMatchObject([{ stack: "sandbox", state: "same" }]);
    repository.addCourse("bell", { kernelId: "Sums", text: "Quite another one." });
    expect(await bell()).toMatchObject([{ stack: "sandbox", state: "differs" }]);
    await server.stop();
    await expect(fetch(invitation)).rejects.toThrow();
  });

  it("protect the state from a reset while they are used", async () => {
    expect((await sandbox("up")).code).toBe(0);
    const server = await serving();
    const refused = await callSandbox(["reset", "--state", state]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`\`sandbox serve\` (process ${server.pid}) is using the sandbox.`);
    expect(existsSync(join(state, "state/sandbox.json"))).toBe(true);
    await server.stop();
    expect((await callSandbox(["reset", "--state", state])).code).toBe(0);
    expect(existsSync(join(state, "state"))).toBe(false);
  });
});

describe("Ctrl-C once at the terminal", () => {
  it("lets a kernel that is being changed finish, with the gateway that it needs", async () => {
    expect((await sandbox("up")).code).toBe(0);
    const before = readFileSync(join(state, "gateway/kernels/sums/kernel.json"), "utf8");
    const go = join(state, "go");
    const cell = `import os, time\nwhile not os.path.exists(${JSON.stringify(go)}): time.sleep(0.01)`;
    kernel("2026.1", { smoke: { cell } });
    const up = sandbox("up", "--json");
    let printed = "";
    up.child.stderr?.on("data", (text) => {
      printed += text;
    });
    await expect.poll(runningKernels).toBe(1);
    // A terminal sends it to every process of the command's group.
    process.kill(-(up.child.pid ?? 0), "SIGINT");
    await expect.poll(() => printed).toContain("Shutting down… press Ctrl-C again to force quit.");
    writeFileSync(go, "");
    const result = report(await up);
    expect(result).toMatchObject({ ok: false, cancelled: true });
    expect(result.steps.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(readFileSync(join(state, "gateway/kernels/sums/kernel.json"), "utf8")).not.toBe(before);
  });
});

/** How many kernels run on the gateway; none where it does not answer. */
async function runningKernels(): Promise<number> {
  const [port, token] = ["port", "token"].map((name) => readFileSync(join(state, "gateway", name), "utf8"));
  const headers = { authorization: `token ${token}` };
  const answer = await fetch(`http://127.0.0.1:${port}/api/kernels`, { headers }).catch(() => undefined);
  return answer?.ok ? ((await answer.json()) as unknown[]).length : 0;
}
