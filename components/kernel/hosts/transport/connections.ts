import { createHash } from "node:crypto";
import { LocalHost } from "./local.ts";
import { SshHost } from "./ssh/ssh.ts";
import { hostName, SshConnection, type Timeouts } from "./ssh/ssh-connection.ts";
import type { Credentials, HostAddress, Transport } from "./transport.ts";

interface Shared {
  readonly host: Omit<Transport, "close">;
  end(): Promise<void>;
  users: number;
}

/** One connection per host for the whole process: all custom resources of one run share the process. */
const OPEN = new Map<string, Shared>();

/**
 * The host, over the one connection that this process has to it. Costs nothing by itself: the
 * first operation connects, and the last user's `close` ends the connection. One that is never
 * closed doesn't keep the process from ending.
 * @param credentials for SSH; not needed for `local`
 * @param timeouts decided by the first that opens the host
 * @example
 * const host = openTransport({ kind: "local" });
 * const spec = await host.read("/usr/local/share/jupyter/kernels/bell/kernel.json");
 * await host.close();
 */
export function openTransport(
  address: HostAddress,
  credentials: Credentials = {},
  timeouts: Timeouts = {},
): Transport {
  const key = identity(address, credentials);
  const shared = OPEN.get(key) ?? make(address, credentials, timeouts);
  OPEN.set(key, shared);
  shared.users += 1;
  let open = true;
  const { host } = shared;
  return {
    host: host.host,
    get traffic() {
      return host.traffic;
    },
    read: (path) => host.read(path),
    writeAtomically: (path, content, options) => host.writeAtomically(path, content, options),
    rename: (from, to) => host.rename(from, to),
    makeFolder: (path) => host.makeFolder(path),
    remove: (path) => host.remove(path),
    list: (path) => host.list(path),
    run: (argv, options) => host.run(argv, options),
    lock: (name, work) => host.lock(name, work),
    close: async () => {
      if (!open) return;
      open = false;
      shared.users -= 1;
      if (shared.users > 0) return;
      OPEN.delete(key);
      await shared.end();
    },
  };
}

function make(address: HostAddress, credentials: Credentials, timeouts: Timeouts): Shared {
  if (address.kind === "local") {
    const host = new LocalHost(timeouts.lock);
    return { host, end: () => host.end(), users: 0 };
  }
  const connection = new SshConnection(address, credentials, timeouts);
  return { host: new SshHost(connection), end: () => connection.end(), users: 0 };
}

/** Two that differ in what they trust or in who they are never share a connection. */
function identity(address: HostAddress, credentials: Credentials): string {
  const who =
    address.kind === "local"
      ? []
      : [hostName(address), address.hostKey, credentials.privateKey, credentials.agent];
  return createHash("sha256")
    .update(JSON.stringify([address.kind, ...who]))
    .digest("hex");
}
