import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { moduleBeside } from "../../../components/module-beside.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import { streamLines } from "../../../components/stream-lines.ts";
import type { Offer } from "../stand-ins.ts";
import {
  ANOTHER_RUNS,
  type HostAddress,
  type HostReply,
  type HostRequest,
  hostFiles,
  readAddress,
  replySchema,
  type User,
} from "./protocol.ts";

/** Milliseconds between two looks for a host that is starting or ending. */
const PAUSE = 25;
/** Milliseconds until a host that does not answer is given up; one that ends may take half of it. */
const LIMIT = 60_000;

/** The services of a state folder, for as long as a command uses them. */
export interface Lease {
  readonly offers: readonly Offer[];
  /** The other commands that use the services too, and keep them running. */
  readonly others: readonly User[];
  /**
   * Gives them back. Where no other command uses them, it resolves when they have stopped, or at the abort
   * of `impatient`; then they stop on their own.
   */
  release(impatient?: AbortSignal): Promise<void>;
}

/**
 * Uses the services of a state folder: those that run, or else it starts them.
 * @param names the stand-ins that are needed
 * @param command for people, who else uses the services
 * @param signal gives up
 * @throws {LecternError} where one can't be started, or at the abort of the signal
 */
export async function leaseServices(
  folder: string,
  names: string[],
  command: string,
  signal: AbortSignal,
): Promise<Lease> {
  const user: User = { pid: process.pid, command };
  const until = Date.now() + LIMIT;
  let host: ChildProcess | undefined;
  while (Date.now() < until) {
    if (signal.aborted) throw interrupted();
    const address = await readAddress(folder);
    const lease = address && (await ask(address, { names, user }, signal));
    if (lease) return lease;
    host = await running(host, folder);
    await delay(PAUSE);
  }
  throw await notStarted(folder, `they did not answer within ${LIMIT / 1000} s`);
}

/** A host that still starts, or a new one. */
async function running(host: ChildProcess | undefined, folder: string): Promise<ChildProcess> {
  if (host === undefined || host.exitCode === ANOTHER_RUNS || host.exitCode === 0) return startHost(folder);
  if (host.exitCode !== null || host.signalCode !== null)
    throw await notStarted(folder, `their process ended with ${host.exitCode ?? host.signalCode}`);
  return host;
}

async function startHost(folder: string): Promise<ChildProcess> {
  await mkdir(folder, { recursive: true });
  const log = await open(hostFiles(folder).log, "a", 0o600);
  try {
    const script = fileURLToPath(moduleBeside("./host", import.meta.url));
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, folder], {
      // A session of its own: neither Ctrl-C nor the end of the terminal reaches it.
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    await once(child, "spawn");
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

/** Undefined where no host answers there: it is gone, or it is ending. */
async function ask(
  { port, key }: HostAddress,
  { names, user }: Pick<HostRequest, "names" | "user">,
  signal: AbortSignal,
): Promise<Lease | undefined> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const closed = new Promise<undefined>((resolve) => socket.once("close", () => resolve(undefined)));
  socket.on("error", () => socket.destroy());
  const giveUp = () => void socket.destroy();
  signal.addEventListener("abort", giveUp);
  socket.write(`${JSON.stringify({ key, user, names } satisfies HostRequest)}\n`);
  const line = await Promise.race([firstLine(socket), closed]);
  signal.removeEventListener("abort", giveUp);
  if (line === undefined) return undefined;
  const reply = replySchema.parse(JSON.parse(line));
  const release = async (impatient?: AbortSignal) => {
    socket.end();
    if (impatient?.aborted) socket.destroy();
    impatient?.addEventListener("abort", () => socket.destroy());
    await closed;
  };
  if ("offers" in reply) return { offers: reply.offers, others: reply.others, release };
  await release();
  throw failure(reply);
}

/** Goes on reading afterwards, so that the end of the connection is seen. */
function firstLine(socket: Socket): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  streamLines(socket).once("line", resolve);
  return promise;
}

function failure(reply: Exclude<HostReply, { offers: unknown }>): Error {
  if ("message" in reply) return Object.assign(new Error(reply.message), reply);
  return new LecternError(reply.problems);
}

const interrupted = () =>
  new LecternError({
    code: "interrupted",
    severity: "error",
    message: "interrupted while the sandbox's services were starting; nothing was changed",
    remedy: "Run the command again",
  });

async function notStarted(folder: string, reason: string): Promise<LecternError> {
  const { log } = hostFiles(folder);
  const text = (await readFile(log, "utf8").catch(() => "")).trim();
  const printed = text === "" ? "" : `:\n${text.split("\n").slice(-20).join("\n")}\n`;
  return new LecternError({
    code: "services-not-started",
    severity: "error",
    file: log,
    message: `the sandbox's services did not start: ${reason}${printed}`,
    remedy: "Fix the cause, and run the command again",
  });
}
