import { type ChildProcess, spawn } from "node:child_process";
import { streamLines } from "../../../stream-lines.ts";
import { codeOf } from "./failures.ts";
import type { KeeperProcess } from "./locks/lock-keeper.ts";
import type { RunResult } from "./transport.ts";

/** Runs a program on this machine. @returns `timeout` where it had to be ended */
export function runHere(
  argv: readonly [string, ...string[]],
  timeout: number,
  input: string | Buffer,
): Promise<RunResult | "timeout"> {
  return new Promise((resolve, reject) => {
    const [program, ...args] = argv;
    const child = spawn(program, args, { stdio: "pipe" });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      resolve("timeout");
    }, timeout);
    child.stdout.on("data", (piece: Buffer) => stdout.push(piece));
    child.stderr.on("data", (piece: Buffer) => stderr.push(piece));
    child.on("error", (error) => {
      clearTimeout(timer);
      // As a shell reports it, so that every host behaves alike.
      if (codeOf(error) === "ENOENT") resolve({ code: 127, stdout: "", stderr: `${program}: not found` });
      else reject(error);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? -1, stdout: text(stdout), stderr: text(stderr) });
    });
    // A program need not read its input.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** The locks' keeper over the pipes of its process. */
export function keeperProcess(child: ChildProcess): KeeperProcess {
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error("the lock keeper was started without its pipes");
  const lines = streamLines(stdout);
  stdin.on("error", () => {});
  // The pipes alone would keep this process from ending.
  for (const pipe of [stdin, stdout]) if ("unref" in pipe) (pipe as { unref(): void }).unref();
  return {
    send: (line) => stdin.write(`${line}\n`),
    onLine: (listener) => lines.on("line", listener),
    onEnd: (listener) => child.once("close", listener).once("error", listener),
  };
}

function text(pieces: readonly Buffer[]): string {
  return Buffer.concat(pieces).toString("utf8");
}
