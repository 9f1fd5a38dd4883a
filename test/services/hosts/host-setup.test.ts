import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { runCommands } from "../../../sandbox/engine/command/commands.ts";
import type { AdapterResource } from "../../../sandbox/engine/provider/adapter.ts";
import { findSshd, requireService } from "../require.ts";
import { type Sshd, startSshd } from "./sshd.ts";

const RESOURCE = { type: "command:remote:Command" } as AdapterResource;

requireService("an SSH server (sshd)", findSshd, (program) => {
  let sshd: Sshd;
  let folder: string;
  let agent: ReturnType<typeof spawn>;
  beforeAll(async () => {
    sshd = await startSshd(program);
    folder = mkdtempSync(join(tmpdir(), "lectern-agent-"));
    const socket = join(folder, "agent");
    agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
    await vi.waitUntil(() => existsSync(socket), { timeout: 60_000 });
    execFileSync("ssh-add", ["-q", sshd.privateKeyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
    vi.stubEnv("SSH_AUTH_SOCK", socket);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    agent?.kill();
    await sshd?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("the sandbox runs a host's command with the agent's key where it is new, changes and goes", async () => {
    const { port, user, hostKey } = sshd;
    const connection = { host: "127.0.0.1", port, user, hostKey };
    const file = join(folder, "made");
    const inputs = {
      connection,
      create: `echo made >> ${file}`,
      delete: `echo gone >> ${file}`,
      logging: "none",
      addPreviousOutputInEnv: false,
    };
    const commands = runCommands();
    const { id, outs } = await commands.create(RESOURCE, inputs);
    const changed = { ...inputs, create: `echo changed >> ${file}` };
    expect(await commands.diff?.(RESOURCE, id, outs, inputs, inputs)).toMatchObject({ changes: false });
    expect(await commands.diff?.(RESOURCE, id, outs, changed, inputs)).toMatchObject({
      changes: true,
      replaces: [],
    });
    const updated = await commands.update?.(RESOURCE, id, outs, changed);
    await commands.delete?.(RESOURCE, id, updated?.outs ?? {});
    expect(readFileSync(file, "utf8")).toBe("made\nchanged\ngone\n");
    expect(JSON.stringify([outs, updated])).not.toContain("PRIVATE KEY");
  });

  it("a host with another key is sent nothing", async () => {
    const { port, user, otherHostKey } = sshd;
    const connection = { host: "127.0.0.1", port, user, hostKey: otherHostKey };
    const file = join(folder, "never");
    const create = runCommands().create(RESOURCE, { connection, create: `touch ${file}` });
    await expect(create).rejects.toThrow(/[Hh]ost/);
    expect(existsSync(file)).toBe(false);
  });
});
