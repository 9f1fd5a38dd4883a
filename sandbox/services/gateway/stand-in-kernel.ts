import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { WebSocket } from "ws";
import { moduleBeside } from "../../../components/module-beside.ts";

/** What an interpreter answers to one cell, a JSON object in one line. */
interface Answer {
  readonly output: string;
  readonly result: string | null;
  readonly error: { ename: string; evalue: string; traceback: string[] } | null;
}

interface Request {
  readonly header: { msg_id: string; msg_type: string; session: string };
  readonly content: { code?: string };
}

/**
 * A kernel of the stand-in: an interpreter in a process of its own (Python where there is one, else
 * JavaScript), that speaks as much of Jupyter's messages as executing a cell needs.
 */
export class StandInKernel {
  readonly #process: ChildProcess;
  readonly #waiting: ((answer: Answer) => void)[] = [];
  readonly #clients = new Set<WebSocket>();

  constructor(env: Readonly<Record<string, string>>) {
    const [program, ...args] = interpreter();
    this.#process = spawn(program, args, {
      env: { PATH: process.env["PATH"] ?? "", ...env },
      stdio: ["pipe", "pipe", "inherit"],
    });
    if (this.#process.stdout) {
      createInterface(this.#process.stdout).on("line", (line) => this.#waiting.shift()?.(JSON.parse(line)));
    }
    this.#process.on("exit", () => {
      for (const client of this.#clients) client.close();
    });
    // A cell that ended the interpreter leaves a closed pipe behind.
    this.#process.stdin?.on("error", () => {});
  }

  /** Answers the cells that come over a websocket. */
  serve(client: WebSocket): void {
    this.#clients.add(client);
    client.on("close", () => this.#clients.delete(client));
    client.on("message", (data) => {
      const request = JSON.parse(String(data)) as Request;
      if (request.header.msg_type !== "execute_request") return;
      this.#execute(request.content.code ?? "").then((answer) => reply(client, request, answer));
    });
  }

  end(): void {
    this.#process.kill("SIGKILL");
  }

  #execute(code: string): Promise<Answer> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#process.stdin?.write(`${JSON.stringify({ code })}\n`);
    });
  }
}

function reply(client: WebSocket, request: Request, { output, result, error }: Answer): void {
  const send = (channel: string, type: string, content: unknown) =>
    client.send(
      JSON.stringify({
        channel,
        header: { ...request.header, msg_id: randomUUID(), msg_type: type, version: "5.3" },
        parent_header: request.header,
        metadata: {},
        content,
        buffers: [],
      }),
    );
  send("iopub", "status", { execution_state: "busy" });
  if (output) send("iopub", "stream", { name: "stdout", text: output });
  if (result !== null) send("iopub", "execute_result", { data: { "text/plain": result }, metadata: {} });
  if (error) send("iopub", "error", error);
  send("shell", "execute_reply", error ? { status: "error", ...error } : { status: "ok" });
  send("iopub", "status", { execution_state: "idle" });
}

function interpreter(): [string, ...string[]] {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const python = folders.map((folder) => join(folder, "python3")).find((file) => existsSync(file));
  if (python) return [python, "-u", fileURLToPath(new URL("interpreter.py", import.meta.url))];
  return [process.execPath, fileURLToPath(moduleBeside("./interpreter", import.meta.url))];
}
