import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findSshd, requireService } from "../require.ts";

const LECTERN = join(import.meta.dirname, "../../../cli/lectern.mjs");

requireService("an SSH server (sshd)", findSshd, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lectern-workflow-"));
    mkdirSync(join(folder, "project/catalog"), { recursive: true });
    writeFileSync(join(folder, "project/Pulumi.yaml"), "name: lectern\n");
    const settings = "config:\n  lectern:sshPrivateKey: {secure: v1}\n";
    writeFileSync(join(folder, "project/Pulumi.staging.yaml"), settings);
    writeFileSync(join(folder, "project/Pulumi.prod.yaml"), "config: {}\n");
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

  /** Runs the command with a CLI that answers by a shell's line. */
  function start(cli: string, environment = "staging") {
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\necho "$*" >${join(folder, "asked")}\n${cli}\n`, {
      mode: 0o755,
    });
    writeFileSync(join(folder, "env"), "");
    const { SSH_AUTH_SOCK: _, ...own } = process.env;
    const env = {
      ...own,
      PATH: `${folder}:${process.env["PATH"]}`,
      GITHUB_ENV: join(folder, "env"),
    };
    const args = [LECTERN, "ci", "ssh-agent", "--environment", environment];
    return spawnSync(process.execPath, args, { env, encoding: "utf8", cwd: join(folder, "project") });
  }

  it("a workflow's agent holds the stack's key, which is in no file and no output", () => {
    const { status, stdout, stderr } = start(`cat ${join(folder, "key")}`);
    expect(status, stderr).toBe(0);
    expect(readFileSync(join(folder, "asked"), "utf8")).toBe(
      "config get --stack staging lectern:sshPrivateKey --non-interactive\n",
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

  it("stacks without a key get no agent, and are not asked for one", () => {
    const { status, stdout } = start("exit 1", "prod");
    expect([status, stdout]).toEqual([0, expect.stringContaining("is set in no stack of prod")]);
    expect(environment()).toEqual({});
  });

  it("a configuration that can't be read is not taken for one without a key", () => {
    const { status, stdout } = start("echo 'error: incorrect passphrase' >&2; exit 1");
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/^::warning::.*`pulumi config get` failed: incorrect passphrase/m),
    ]);
    expect(environment()).toEqual({});
  });

  it("a key that is none fails the job, and leaves no agent", () => {
    const { status, stdout } = start("echo nonsense");
    expect([status, stdout]).toEqual([1, expect.stringContaining("::error::")]);
    expect(environment()).toEqual({});
  });
});
