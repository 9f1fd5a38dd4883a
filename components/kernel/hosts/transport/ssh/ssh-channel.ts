import type { ClientChannel } from "ssh2";
import { streamLines } from "../../../../stream-lines.ts";
import type { KeeperProcess } from "../locks/lock-keeper.ts";
import type { RunResult } from "../transport.ts";

/**
 * Feeds a program its input and gathers its output until it ends; `timeout` where it took longer
 * than that many milliseconds, and was ended.
 */
export function runOnChannel(
  channel: ClientChannel,
  timeout: number,
  input: string | Buffer = "",
): Promise<RunResult | "timeout"> {
  return new Promise((resolve, reject) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let exit: { code: number } | undefined;
    const timer = setTimeout(() => {
      channel.signal("KILL");
      channel.close();
      resolve("timeout");
    }, timeout);
    channel.on("data", (piece: Buffer) => stdout.push(piece));
    channel.stderr.on("data", (piece: Buffer) => stderr.push(piece));
    channel.on("exit", (code: number | null) => {
      exit = { code: code ?? -1 };
    });
    channel.on("error", () => {});
    channel.on("close", () => {
      clearTimeout(timer);
      if (!exit) return reject(new Error("the connection broke while it ran"));
      resolve({ code: exit.code, stdout: text(stdout), stderr: text(stderr) });
    });
    channel.end(input);
  });
}

/** The process that keeps locks, at the other end of a channel. */
export function keeperProcess(channel: ClientChannel): KeeperProcess {
  channel.on("error", () => {});
  channel.stderr.resume();
  const lines = streamLines(channel);
  return {
    send: (line) => channel.write(`${line}\n`),
    onLine: (listener) => lines.on("line", listener),
    onEnd: (listener) => channel.once("close", listener),
  };
}

function text(pieces: readonly Buffer[]): string {
  return Buffer.concat(pieces).toString("utf8");
}
