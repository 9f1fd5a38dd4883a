import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTransport } from "../../../components/kernel/hosts/transport/connections.ts";
import type { Timeouts } from "../../../components/kernel/hosts/transport/ssh/ssh-connection.ts";
import type {
  Credentials,
  HostAddress,
  Transport,
} from "../../../components/kernel/hosts/transport/transport.ts";
import { type Sshd, startSshd } from "./sshd.ts";

export type SshChanges = Partial<Extract<HostAddress, { kind: "ssh" }>>;

/** A real sshd with a folder to work in. */
export interface SshFixture {
  readonly sshd: Sshd;
  readonly folder: string;
  readonly credentials: Credentials;
  address(changes?: SshChanges): HostAddress;
  /** Opens the host for one test, and closes it. */
  during<T>(
    act: (host: Transport) => Promise<T>,
    options?: { address?: SshChanges; credentials?: Credentials; timeouts?: Timeouts },
  ): Promise<T>;
  /** What the server logs of logins while something is done. */
  loginsDuring(act: () => Promise<unknown>): Promise<string>;
  stop(): Promise<void>;
}

export async function startSshFixture(program: string): Promise<SshFixture> {
  const sshd = await startSshd(program);
  const folder = mkdtempSync(join(tmpdir(), "lectern-ssh-"));
  const credentials = { privateKey: sshd.privateKey };
  const address = (changes: SshChanges = {}): HostAddress => ({
    kind: "ssh",
    host: "127.0.0.1",
    port: sshd.port,
    user: sshd.user,
    hostKey: sshd.hostKey,
    ...changes,
  });
  return {
    sshd,
    folder,
    credentials,
    address,
    during: async (act, options = {}) => {
      const given = options.credentials ?? credentials;
      const host = openTransport(address(options.address), given, options.timeouts);
      try {
        return await act(host);
      } finally {
        await host.close();
      }
    },
    loginsDuring: async (act) => {
      const before = sshd.log().length;
      await act();
      return sshd.log().slice(before);
    },
    stop: async () => {
      await sshd.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A process that uses a transport, given its input through a pipe. */
export function startScript(script: string, input: unknown) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "fixtures", script)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify(input));
  return child;
}
