import type { ProviderContext } from "../../resource/context/context.ts";
import { pollUntil } from "../../resource/context/poll.ts";
import type { HubApi, ListedServer } from "./hub-api.ts";
import { HubFault } from "./hub-fault.ts";
import type { TimeLimit } from "./time-limit.ts";

/** What starting and stopping the server of the test user takes. */
export interface TestServer {
  readonly user: string;
  /** Gives its calls up at an interruption. */
  readonly working: HubApi;
  /** Goes on at an interruption: it stops what was started. */
  readonly stopping: HubApi;
  readonly limit: TimeLimit;
  readonly context: Pick<ProviderContext, "clock" | "poll">;
  report(severity: "info" | "warning", message: string): void;
}

/** Milliseconds in which a server must have stopped. */
const STOPPED_WITHIN = 120_000;
const never = new AbortController().signal;

/**
 * Starts the server of the test user, who is created where the hub doesn't know them, and stops it again,
 * whatever happened, until the hub says that it is gone. One that an earlier check has left is stopped first.
 * @param use is given the server once it is ready; its `url` is relative to the hub's address
 * @throws {HubFault} where the server does not start, or does not stop
 */
export async function withTestServer(
  test: TestServer,
  use: (server: ListedServer) => Promise<void>,
): Promise<void> {
  const { user, working } = test;
  const known = await working.user(user);
  if (!known) await working.createUser(user);
  if (known?.server) {
    test.report("warning", `stopping the server of ${user}, which an earlier check has left`);
    await stop(test);
  }
  let failure: unknown;
  try {
    await working.startServer(user);
    await use(await ready(test));
  } catch (error) {
    failure = error;
  }
  await stop(test).catch((error: unknown) => {
    throw both(failure, error);
  });
  if (failure !== undefined) throw failure;
}

async function ready(test: TestServer): Promise<ListedServer> {
  const { user, working, limit, context } = test;
  const said = new Set<string>();
  for await (const { message, ready: isReady, failed } of working.progress(user, limit.forCall(LONGEST))) {
    if (failed) throw notStarted(user, message);
    if (!said.has(message) && message !== "") test.report("info", `server of ${user}: ${message}`);
    said.add(message);
    if (isReady) break;
  }
  // A stream may break off before that: the hub knows.
  const ask = async () => {
    const server = (await working.user(user))?.server;
    if (!server) throw notStarted(user, "it ended before it was ready");
    return server.ready ? server : undefined;
  };
  const server = await context.poll(ask, { first: 1_000, slowest: 5_000, limit: limit.left() });
  if (!server) throw notStarted(user, "it was not ready in time");
  return server;
}

const LONGEST = 600_000;

function notStarted(user: string, why: string): HubFault {
  return new HubFault(
    `the server of the test user ${user} did not start: ${why.trim().replace(/\.$/, "")}`,
    "See the log of the hub and the events of the user's pod for the cause",
  );
}

/** An interruption doesn't end this wait, because a server that nobody uses costs. */
async function stop({ user, stopping, context }: TestServer): Promise<void> {
  let last: unknown;
  const step = async () => {
    try {
      const server = (await stopping.user(user))?.server;
      if (!server) return true;
      if (server.pending !== "stop") await stopping.stopServer(user);
    } catch (error) {
      // A hub that doesn't answer for a moment may still stop it.
      if (error instanceof HubFault && error.isFinal) throw error;
      last = error;
    }
    return undefined;
  };
  const pace = { first: 500, slowest: 5_000, limit: STOPPED_WITHIN };
  const gone = await pollUntil(step, pace, context.clock, never).catch((error: unknown) => {
    last = error;
  });
  if (gone) return;
  const why = last instanceof HubFault ? `: ${last.problems.map(({ message }) => message).join("; ")}` : "";
  throw new HubFault(
    `the server of the test user ${user} could not be stopped${why}`,
    "Stop it on the hub's admin page",
    { final: true },
  );
}

/** What failed first is the cause; the server that is left is told as well. */
function both(first: unknown, then: unknown): unknown {
  if (!(first instanceof HubFault) || !(then instanceof HubFault)) return then;
  const messages = [first, then].flatMap(({ problems }) => problems.map(({ message }) => message));
  return new HubFault(messages.join("; and "), "Stop the server on the hub's admin page", { final: true });
}
