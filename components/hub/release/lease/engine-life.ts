import { connect } from "node:net";
import { engineAddress } from "../../../resource/engine-log.ts";

/** Milliseconds within which an engine that is there takes a connection. */
const LIMIT = 5_000;

/**
 * Whether the engine that started this process still runs. An engine that was killed leaves its plugins behind
 * for some minutes; where no engine started this process, there is none to be missed.
 */
export async function hasEngine(argv: readonly string[] = process.argv): Promise<boolean> {
  const address = engineAddress(argv);
  if (address === undefined) return true;
  const { hostname, port } = new URL(`tcp://${address}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: LIMIT });
    const answer = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => answer(true));
    // An engine that is too busy to answer is there.
    socket.once("timeout", () => answer(true));
    socket.once("error", () => answer(false));
    socket.unref();
  });
}
