import { randomUUID } from "node:crypto";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";

/** What a cell did. */
export interface Execution {
  /** What it printed and its result, in order. */
  readonly output: string;
  /** The kernel's traceback without colours; undefined where the cell worked. */
  readonly traceback?: string;
}

/** One cell for one kernel's channel. */
export interface ChannelCall {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly code: string;
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
  /** Gives the exchange up; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** An exchange that broke off: the kernel ended or is too slow, or the connection to it failed. */
export class ChannelError extends Error {
  override readonly name = "ChannelError";
  readonly fault: "kernel" | "connection";
  /** The HTTP status that refused the websocket. */
  readonly status: number | undefined;

  constructor(what: string, fault: ChannelError["fault"], status?: number) {
    super(what);
    this.fault = fault;
    this.status = status;
  }
}

const message = z.object({
  header: z.object({ msg_type: z.string() }),
  parent_header: z.object({ msg_id: z.string().optional() }).default({}),
  content: z.record(z.string(), z.unknown()).default({}),
});

/** Longer outputs are of no use to a person who reads an error. */
const OUTPUT_LIMIT = 100_000;

/**
 * Executes a cell over a kernel's websocket, with version 5.3 of Jupyter's messages.
 * @throws {ChannelError} where the connection or the kernel ends, or time runs out
 */
export async function executeOnChannel(call: ChannelCall): Promise<Execution> {
  const { WebSocket } = await import("ws");
  call.signal?.throwIfAborted();
  const session = randomUUID();
  const request = executeRequest(session, call.code);
  const url = new URL(call.url);
  url.searchParams.set("session_id", session);
  const socket = new WebSocket(url, { headers: call.headers, handshakeTimeout: call.timeout });
  let timer: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  try {
    return await new Promise<Execution>((resolve, reject) => {
      const fail = (what: string, fault: ChannelError["fault"], status?: number) =>
        reject(new ChannelError(what, fault, status));
      const receive = collect(request.header.msg_id, resolve, (what) => fail(what, "kernel"));
      const tooLate = () => fail(`the cell did not end within ${call.timeout / 1000} s`, "kernel");
      timer = setTimeout(tooLate, call.timeout);
      abort = () => reject(call.signal?.reason);
      call.signal?.addEventListener("abort", abort);
      socket.on("open", () => socket.send(JSON.stringify(request)));
      socket.on("message", (data, binary) => binary || receive(String(data)));
      socket.on("unexpected-response", (_, response) => {
        fail(`status ${response.statusCode}`, "connection", response.statusCode);
      });
      socket.on("error", (error) => fail(error.message, "connection"));
      socket.on("close", () => fail("the connection closed before the cell ended", "kernel"));
    });
  } finally {
    clearTimeout(timer);
    if (abort) call.signal?.removeEventListener("abort", abort);
    socket.terminate();
  }
}

function executeRequest(session: string, code: string) {
  return {
    channel: "shell",
    header: {
      msg_id: randomUUID(),
      msg_type: "execute_request",
      username: "lectern",
      session,
      date: new Date().toISOString(),
      version: "5.3",
    },
    parent_header: {},
    metadata: {},
    content: {
      code,
      silent: false,
      store_history: false,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    },
    buffers: [],
  };
}

/** Gathers the responses to one request: it ends with the reply and an idle kernel. */
function collect(id: string, done: (execution: Execution) => void, fail: (what: string) => void) {
  let output = "";
  let reply: Execution | undefined;
  let idle = false;
  const append = (text: unknown) => {
    if (typeof text === "string" && output.length < OUTPUT_LIMIT) output += stripVTControlCharacters(text);
  };
  const readers: Record<string, (content: Record<string, unknown>) => void> = {
    stream: (content) => append(content["text"]),
    execute_result: (content) => append(plainText(content)),
    display_data: (content) => append(plainText(content)),
    execute_reply: (content) => {
      reply = content["status"] === "ok" ? { output: "" } : { output: "", traceback: traceback(content) };
    },
    status: (content) => {
      idle = content["execution_state"] === "idle";
    },
  };
  return (text: string) => {
    const parsed = message.safeParse(safeJson(text));
    if (!parsed.success) return;
    const { header, parent_header: parent, content } = parsed.data;
    // A kernel that died reports it without a parent.
    if (header.msg_type === "status" && /^(dead|restarting)$/.test(String(content["execution_state"]))) {
      return fail(`the kernel ended (${String(content["execution_state"])})`);
    }
    if (parent.msg_id !== id) return;
    readers[header.msg_type]?.(content);
    if (reply && idle) done({ ...reply, output });
  };
}

function traceback(content: Record<string, unknown>): string {
  const lines = z.array(z.string()).safeParse(content["traceback"]);
  const summary = [content["ename"], content["evalue"]].filter((part) => typeof part === "string").join(": ");
  const text = lines.success && lines.data.length > 0 ? lines.data.join("\n") : summary;
  return stripVTControlCharacters(text) || String(content["status"]);
}

function plainText(content: Record<string, unknown>): unknown {
  const data = z.object({ "text/plain": z.string() }).safeParse(content["data"]);
  return data.success ? data.data["text/plain"] : undefined;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
