import { connect } from "node:net";

/** Milliseconds within which an engine that is there takes a connection. */
const LIMIT = 5_000;

/**
 * Whether the engine that started this process still runs. An engine that was killed leaves its plugins behind
 * for some minutes; where no engine started this process, there is none to be missed.
 */
export async function hasEngine([, program = "", address = ""] = process.argv): Promise<boolean> {
  // The SDK's dynamic provider gets the engine's address as its first argument.
  const [, host = "", port] = /^(.*):([1-9]\d*)$/.exec(address) ?? [];
  if (port === undefined || !/[\\/]dynamic-provider\b/.test(program)) return true;
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: LIMIT });
    const answer = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => answer(true));
    // An engine that is too busy to answer is there. So is one that this process lacks the means to ask.
    socket.once("timeout", () => answer(true));
    socket.once("error", (error: NodeJS.ErrnoException) => answer(error.code !== "ECONNREFUSED"));
    socket.unref();
  });
}
