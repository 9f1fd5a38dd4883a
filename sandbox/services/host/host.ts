#!/usr/bin/env node
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { rename, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type HeldLock, LockHeldError, takeLock } from "../../../components/locking/lock-file.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import { streamLines } from "../../../components/stream-lines.ts";
import { StandIns } from "../stand-ins.ts";
import { ANOTHER_RUNS, type HostReply, hostFiles, requestSchema, type User } from "./protocol.ts";

/** Milliseconds until a host that no command has ever used ends. */
const PATIENCE = 30_000;

/**
 * Runs the stand-ins of one state folder, for all commands that use it at the same time, and ends with the
 * last of them. It is a process of its own, so that a command that is killed takes no service away from
 * another one, and Ctrl-C at a terminal reaches the commands alone.
 */
class Host {
  readonly #folder: string;
  readonly #lock: HeldLock;
  readonly #standIns: StandIns;
  readonly #server: Server;
  readonly #key = randomUUID();
  readonly #users = new Map<Socket, User>();
  #writing = Promise.resolve();
  #ending = false;

  constructor(folder: string, lock: HeldLock) {
    this.#folder = folder;
    this.#lock = lock;
    this.#standIns = new StandIns(folder);
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
  }

  async open(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    await this.#announce();
    setTimeout(() => this.#endIfUnused(), PATIENCE).unref();
  }

  #accept(socket: Socket): void {
    socket.on("error", () => socket.destroy());
    const lines = streamLines(socket);
    lines.once("line", (line) => {
      this.#serve(socket, line).catch(() => socket.destroy());
    });
    // The command ends its side, or is gone: where it is killed, it may reset its connection.
    lines.once("close", () => void this.#leave(socket));
  }

  async #serve(socket: Socket, line: string): Promise<void> {
    const { key, user, names } = requestSchema.parse(JSON.parse(line));
    // Who is turned away tries again, and then finds the next host.
    if (key !== this.#key || this.#ending) return void socket.destroy();
    const others = [...this.#users.values()];
    this.#users.set(socket, user);
    const reply = await this.#offer(names, others).catch(failure);
    socket.write(`${JSON.stringify(reply)}\n`);
  }

  async #offer(names: readonly string[], others: User[]): Promise<HostReply> {
    await this.#announce();
    return { offers: await this.#standIns.use(names), others };
  }

  async #leave(socket: Socket): Promise<void> {
    if (!this.#users.delete(socket)) return void socket.destroy();
    if (this.#users.size === 0) return this.end([socket]);
    socket.end();
    await this.#announce().catch(() => {});
  }

  #endIfUnused(): void {
    if (this.#users.size === 0) void this.end();
  }

  /**
   * Stops the stand-ins, and then the process.
   * @param waiting the connections of commands that wait for it: nothing writes to the state folder any more
   */
  async end(waiting: readonly Socket[] = [...this.#users.keys()]): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    this.#server.close();
    const { address, log } = hostFiles(this.#folder);
    await this.#writing.catch(() => {});
    await rm(address, { force: true });
    await this.#standIns.stop();
    await rm(log, { force: true });
    await this.#lock.release();
    await Promise.all(waiting.map((socket) => new Promise<void>((done) => socket.end(done))));
    process.exit();
  }

  /** Commands find the host by this file, which only its owner can read. */
  #announce(): Promise<void> {
    const { address: file } = hostFiles(this.#folder);
    const write = async () => {
      if (this.#ending) return;
      const { port } = this.#server.address() as AddressInfo; // a TCP server's address is never a string
      const text = JSON.stringify({ port, key: this.#key, users: [...this.#users.values()] });
      await writeFile(`${file}.new`, text, { mode: 0o600 });
      await rename(`${file}.new`, file);
    };
    this.#writing = this.#writing.catch(() => {}).then(write);
    return this.#writing;
  }
}

function failure(error: unknown): HostReply {
  if (error instanceof LecternError) return { problems: [...error.problems] };
  const { message, code } = error as NodeJS.ErrnoException;
  return { message: message ?? String(error), ...(code === undefined ? {} : { code }) };
}

/** `host.ts <state folder>` */
const [folder = ""] = process.argv.slice(2);
try {
  const host = new Host(folder, await takeLock(hostFiles(folder).lock));
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => void host.end());
  await host.open();
} catch (error) {
  if (!(error instanceof LockHeldError)) throw error;
  process.exitCode = ANOTHER_RUNS;
}
