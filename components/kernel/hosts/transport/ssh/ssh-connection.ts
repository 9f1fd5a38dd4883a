import { Socket } from "node:net";
import type { Client, ClientChannel, ConnectConfig, SFTPWrapper } from "ssh2";
import { type Credentials, type HostAddress, type Traffic, TransportError } from "../transport.ts";
import { connectFailure, expectedKey } from "./connect-failure.ts";
import { type HostKey, signaturesOf } from "./host-key.ts";

/** Milliseconds after which a connection gives up. */
export interface Timeouts {
  /** For the login. @default 20_000 */
  readonly connect?: number;
  /** For one operation; a command has its own. @default 30_000 */
  readonly operation?: number;
  /** After which an unused connection is closed. @default 60_000 */
  readonly idle?: number;
  /** For a lock that another deployment holds. @default 600_000 */
  readonly lock?: number;
}

/** One living connection. */
export interface Link {
  readonly client: Client;
  readonly socket: Socket;
  readonly dead: boolean;
  /** The one SFTP session of the connection; opening it is three round trips. */
  sftp(countRoundTrip: () => void): Promise<SFTPWrapper>;
}

type SshAddress = Extract<HostAddress, { kind: "ssh" }>;

/** `user@host:port`. */
export function hostName(address: SshAddress): string {
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `${address.user}@${host}:${address.port ?? 22}`;
}

/**
 * The one connection to a host, made when it is first used and made again where it died. While
 * it is not used, it doesn't keep the process from ending.
 */
export class SshConnection {
  readonly host: string;
  readonly timeouts: Required<Timeouts>;
  readonly #address: SshAddress;
  readonly #credentials: Credentials;
  readonly #traffic = { connections: 0, roundTrips: 0 };
  #link: Promise<Link> | undefined;
  #users = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(address: SshAddress, credentials: Credentials, timeouts: Timeouts = {}) {
    this.host = hostName(address);
    this.#address = address;
    this.#credentials = credentials;
    this.timeouts = { connect: 20_000, operation: 30_000, idle: 60_000, lock: 600_000, ...timeouts };
  }

  get traffic(): Traffic {
    return this.#traffic;
  }

  /** Says that something was sent and its answer is waited for. */
  countRoundTrip(): void {
    this.#traffic.roundTrips += 1;
  }

  /** Runs `act` on the living connection, which keeps the process alive meanwhile. */
  async use<T>(act: (link: Link) => Promise<T>): Promise<T> {
    this.#users += 1;
    clearTimeout(this.#idle);
    let link: Link | undefined;
    try {
      link = await this.#living();
      link.socket.ref();
      return await act(link);
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#rest(link);
    }
  }

  /** Ends the connection; the next use makes another. */
  async end(): Promise<void> {
    clearTimeout(this.#idle);
    const link = await this.#link?.catch(() => undefined);
    this.#link = undefined;
    link?.client.end();
  }

  #rest(link: Link | undefined): void {
    link?.socket.unref();
    this.#idle = setTimeout(() => void this.end(), this.timeouts.idle);
    this.#idle.unref();
  }

  #living(): Promise<Link> {
    if (this.#link) return this.#link;
    const forget = () => {
      if (this.#link === made) this.#link = undefined;
    };
    const made = this.#connect(forget);
    made.catch(forget);
    this.#link = made;
    return made;
  }

  async #connect(onDeath: () => void): Promise<Link> {
    const expected = expectedKey(this.host, this.#address.hostKey);
    const { Client } = await import("ssh2").then((module) => module.default ?? module);
    this.#traffic.connections += 1;
    const socket = new Socket();
    // Small requests wait for their answers here: held back, each would cost 40 ms.
    socket.setNoDelay(true);
    const client = new Client();
    const config = this.#config(expected);
    let shown: Buffer | undefined;
    const opened = new Promise<void>((resolve, reject) => {
      client.once("ready", resolve);
      // Never removed: a failed connection can emit its error twice, and one without a listener ends the process.
      client.on("error", reject);
      client.once("close", () => reject(new Error("the host closed the connection")));
    });
    try {
      socket.connect({ host: this.#address.host, port: this.#address.port ?? 22 });
      client.connect({
        ...config,
        sock: socket,
        hostVerifier: (key: Buffer) => {
          shown = key;
          return key.equals(expected.blob);
        },
      });
      await opened;
    } catch (error) {
      socket.destroy();
      throw connectFailure(this.host, error, expected, shown);
    }
    // The system looks whether the peer still is there; that needs no timer of this process.
    socket.setKeepAlive(true, 15_000);
    client.once("close", onDeath);
    return living(client, socket);
  }

  #config(expected: HostKey): ConnectConfig {
    const { privateKey, agent } = this.#credentials;
    if (!privateKey && !agent) {
      throw new TransportError(
        this.host,
        "connect",
        "there is neither a private key nor an agent to log in with",
        "Set the secret lectern:sshPrivateKey, or start an SSH agent (SSH_AUTH_SOCK)",
        "refused",
      );
    }
    return {
      username: this.#address.user,
      readyTimeout: this.timeouts.connect,
      algorithms: { serverHostKey: signaturesOf(expected) as never },
      ...(privateKey ? { privateKey } : {}),
      ...(agent ? { agent } : {}),
    };
  }
}

function living(client: Client, socket: Socket): Link {
  let dead = false;
  let sftp: Promise<SFTPWrapper> | undefined;
  client.on("close", () => {
    dead = true;
  });
  return {
    client,
    socket,
    get dead() {
      return dead;
    },
    sftp(countRoundTrip) {
      if (sftp) return sftp;
      for (let trip = 0; trip < 3; trip += 1) countRoundTrip();
      sftp = new Promise<SFTPWrapper>((resolve, reject) => {
        client.sftp((error, session) => (error ? reject(error) : resolve(session)));
      }).then((session) => {
        session.on("close", () => {
          sftp = undefined;
        });
        session.on("error", () => {});
        return session;
      });
      sftp.catch(() => {
        sftp = undefined;
      });
      return sftp;
    },
  };
}

/** Opens a channel that runs one command line: a round trip for the channel, one for the command. */
export function exec(link: Link, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    link.client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}
