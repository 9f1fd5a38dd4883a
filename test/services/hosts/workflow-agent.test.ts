import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findSshd, requireService } from "../require.ts";

const SCRIPT = join(import.meta.dirname, "../../../.github/start-ssh-agent.sh");

requireService("an SSH server (sshd)", findSshd, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lectern-workflow-"));
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(folder, "key")]);
  });
  afterEach(() => {
    const pid = environment()["SSH_AGENT_PID"];
    if (pid) process.kill(Number(pid));
    rmSync(folder, { recursive: true });
  });

  /** What the later steps of the job get. */
  const environment = (): Record<string, string> =>
    Object.fromEntries(
      readFileSync(join(folder, "env"), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => line.split("=") as [string, string]),
    );

  /** Runs the script with a CLI that answers by a shell's line. */
  function start(cli: string) {
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\necho "$*" >${join(folder, "asked")}\n${cli}\n`, {
      mode: 0o755,
    });
    writeFileSync(join(folder, "env"), "");
    const { SSH_AUTH_SOCK: _, ...own } = process.env;
    const env = {
      ...own,
      PATH: `${folder}:${process.env["PATH"]}`,
      STACK: "organization/staging",
      GITHUB_ENV: join(folder, "env"),
    };
    return spawnSync(SCRIPT, { env, encoding: "utf8" });
  }

  it("a workflow's agent holds the stack's key, which is in no file and no output", () => {
    const { status, stdout, stderr } = start(`cat ${join(folder, "key")}`);
    expect(status, stderr).toBe(0);
    expect(readFileSync(join(folder, "asked"), "utf8")).toBe(
      "config get --stack organization/staging lectern:sshPrivateKey\n",
    );
    const held = execFileSync("ssh-add", ["-L"], {
      env: { ...process.env, ...environment() },
      encoding: "utf8",
    });
    expect(held.split(" ").slice(0, 2)).toEqual(
      readFileSync(join(folder, "key.pub"), "utf8").trim().split(" ").slice(0, 2),
    );
    expect(stdout + stderr + readFileSync(join(folder, "env"), "utf8")).not.toMatch(/PRIVATE KEY/);
  });

  it("a stack without a key gets no agent", () => {
    const { status, stdout } = start(
      "echo \"error: configuration key 'lectern:sshPrivateKey' not found for stack 'staging'\" >&2; exit 1",
    );
    expect([status, stdout]).toEqual([0, expect.stringContaining("is not set in organization/staging")]);
    expect(environment()).toEqual({});
  });

  it("a configuration that can't be read is not taken for one without a key", () => {
    const { status, stdout } = start("echo 'error: incorrect passphrase' >&2; exit 1");
    expect(stdout).not.toMatch(/is not set/);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/^::warning::.*: error: incorrect passphrase$/m),
    ]);
    expect(environment()).toEqual({});
  });

  it("a key that is none fails the job, and leaves no agent", () => {
    const { status, stdout } = start("echo nonsense");
    expect([status, stdout]).toEqual([1, expect.stringContaining("::error::")]);
    expect(environment()).toEqual({});
  });
});
