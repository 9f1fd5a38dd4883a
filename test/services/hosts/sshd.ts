import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A real OpenSSH server on loopback that lets in one key, for the user who runs the tests. */
export interface Sshd {
  readonly port: number;
  readonly user: string;
  /** The host's public key as a known_hosts line has it, without the name: `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
  /** A public key that is not the host's. */
  readonly otherHostKey: string;
  /** The private key that is let in. */
  readonly privateKey: string;
  /** A private key that is not let in. */
  readonly otherPrivateKey: string;
  /** Where the key that is let in lies, for the `ssh` program. */
  readonly privateKeyFile: string;
  /** Everything that the server has logged, with each attempt to log in. */
  log(): string;
  /** Ends the server's children: every connection is cut, the server stays. */
  cutConnections(): void;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

/**
 * Starts sshd in the foreground, as a child that `stop` ends by its pid.
 * @param program its absolute path
 * @param settings further lines of sshd_config
 */
export async function startSshd(program: string, settings: readonly string[] = []): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), "lectern-sshd-"));
  for (const name of ["host", "other-host", "user", "other-user"]) {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(folder, name)]);
  }
  const text = (name: string) => readFileSync(join(folder, name), "utf8").trim();
  writeFileSync(join(folder, "authorized_keys"), text("user.pub"), { mode: 0o600 });
  const port = await freePort();
  writeFileSync(join(folder, "config"), configuration(folder, port, settings));
  // sshd wants this folder when it is started by root; Debian's service makes it at each start.
  if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });

  const child = spawn(program, ["-D", "-e", "-f", join(folder, "config")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const lines: string[] = [];
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stderr).on("line", (line) => {
      lines.push(line);
      if (line.includes("Server listening")) resolve();
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`sshd ended:\n${lines.join("\n")}`)));
  });
  return {
    port,
    user: userInfo().username,
    hostKey: text("host.pub"),
    otherHostKey: text("other-host.pub"),
    privateKey: `${text("user")}\n`,
    otherPrivateKey: `${text("other-user")}\n`,
    privateKeyFile: join(folder, "user"),
    log: () => lines.join("\n"),
    cutConnections: () => cutChildren(child.pid),
    stop: async () => {
      cutChildren(child.pid);
      child.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, port: number, settings: readonly string[]): string {
  return [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${join(folder, "host")}`,
    `AuthorizedKeysFile ${join(folder, "authorized_keys")}`,
    `PidFile ${join(folder, "pid")}`,
    "PermitRootLogin yes",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PubkeyAuthentication yes",
    "UsePAM no",
    // The key's folder is in /tmp, which sshd would otherwise refuse.
    "StrictModes no",
    "UseDNS no",
    "LogLevel VERBOSE",
    "Subsystem sftp internal-sftp",
    ...settings,
    "",
  ].join("\n");
}

/**
 * The connections are children of the server, one each; only those are ended. A connection goes before
 * what it has started: it would report a program's end first.
 */
function cutChildren(pid: number | undefined): void {
  if (pid === undefined) return;
  for (const child of childrenOf(pid)) {
    const started = childrenOf(child);
    kill(child);
    for (const grandchild of started) kill(grandchild);
  }
}

/** None where the process has ended meanwhile. */
function childrenOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return children.split(" ").filter(Boolean).map(Number);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return [];
    throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself meanwhile.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
