import { randomUUID } from "node:crypto";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { jsonOf } from "../problem/json.ts";
import { type CellOutput, OutputCollector } from "./cell-outputs.ts";

/** What a cell did. */
export interface Execution {
  /** What it printed and its result, in order. */
  readonly output: string;
  /** The kernel's traceback without colours; undefined where the cell worked. */
  readonly traceback?: string;
}

/** What a cell did, with everything that it showed. */
export interface CellExecution extends Execution {
  readonly outputs: readonly CellOutput[];
  /** Bytes of outputs that were left out, because the cell had more than the limit. */
  readonly dropped: number;
  /** Whether the cell took too long, and was interrupted. */
  readonly late: boolean;
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
  /** Bytes of outputs that are kept. @default 100,000 */
  readonly outputLimit?: number;
  /**
   * Interrupts the kernel once time is up, so that the cell says where it was. Without it, time that is up is a
   * failure of the exchange.
   */
  readonly interrupt?: () => Promise<void>;
  /** Milliseconds that an interrupted kernel has to answer. @default 5,000 */
  readonly grace?: number;
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
/** Bytes of one message that is read whole. An output that is longer is dropped unread. */
const MESSAGE_LIMIT = 16 * 2 ** 20;
/** Bytes of one message; a longer one ends the connection before it fills the memory. */
const LARGEST = 256 * 2 ** 20;
const GRACE = 5_000;

/**
 * Executes a cell over a kernel's websocket, with version 5.3 of Jupyter's messages.
 * @throws {ChannelError} where the connection or the kernel ends, or time runs out
 */
export async function executeOnChannel(call: ChannelCall): Promise<CellExecution> {
  const { WebSocket } = await import("ws");
  call.signal?.throwIfAborted();
  const session = randomUUID();
  const request = executeRequest(session, call.code);
  const url = new URL(call.url);
  url.searchParams.set("session_id", session);
  const socket = new WebSocket(url, {
    headers: call.headers,
    maxPayload: LARGEST,
  });
  let timer: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  try {
    return await new Promise<CellExecution>((resolve, reject) => {
      const fail = (what: string, fault: ChannelError["fault"], status?: number) =>
        reject(new ChannelError(what, fault, status));
      let late = false;
      const done = (execution: Omit<CellExecution, "late">) => resolve({ ...execution, late });
      const limit = call.outputLimit ?? OUTPUT_LIMIT;
      const { receive, soFar } = collect(request.header.msg_id, limit, done, (what) => fail(what, "kernel"));
      const tooLate = () => fail(`the cell did not end within ${call.timeout / 1000} s`, "kernel");
      const isLate = () => {
        if (!call.interrupt) return tooLate();
        late = true;
        // What does not even end then is known by what it has put out.
        const giveUp = () => done(soFar());
        timer = setTimeout(giveUp, call.grace ?? GRACE);
        call.interrupt().catch(giveUp);
      };
      timer = setTimeout(isLate, call.timeout);
      abort = () => reject(call.signal?.reason);
      call.signal?.addEventListener("abort", abort);
      socket.on("open", () => socket.send(JSON.stringify(request)));
      socket.on("message", (data, binary) => binary || receive(data as Buffer));
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
function collect(
  id: string,
  limit: number,
  done: (execution: Omit<CellExecution, "late">) => void,
  fail: (what: string) => void,
) {
  const outputs = new OutputCollector(limit);
  let reply: { readonly traceback?: string } | undefined;
  let idle = false;
  const soFar = () => {
    const { outputs: all, dropped } = outputs;
    return { ...reply, output: textOf(all), outputs: all, dropped };
  };
  const end = () => {
    if (reply && idle) done(soFar());
  };
  const receive = (bytes: Buffer) => {
    if (bytes.length > MESSAGE_LIMIT) {
      // The reply to a cell whose exception has a text of that length is not waited for.
      if (isReply(bytes)) reply = { traceback: `the exception has a text of ${bytes.length} bytes` };
      else outputs.drop(bytes.length);
      return end();
    }
    const parsed = message.safeParse(jsonOf(bytes.toString("utf8")));
    if (!parsed.success) return;
    const { header, parent_header: parent, content } = parsed.data;
    // A kernel that died reports it without a parent.
    if (header.msg_type === "status" && /^(dead|restarting)$/.test(String(content["execution_state"]))) {
      return fail(`the kernel ended (${String(content["execution_state"])})`);
    }
    if (parent.msg_id !== id) return;
    if (header.msg_type === "status") idle = content["execution_state"] === "idle";
    else if (header.msg_type === "execute_reply")
      reply = content["status"] === "ok" ? {} : { traceback: traceback(content) };
    else outputs.take(header.msg_type, content, bytes.length);
    end();
  };
  return { receive, soFar };
}

/** A message begins with its header. */
const isReply = (bytes: Buffer) => /"msg_type": ?"execute_reply"/.test(bytes.toString("latin1", 0, 2_000));

/** What a cell printed and its result, as text. */
function textOf(outputs: readonly CellOutput[]): string {
  return outputs.map((one) => ("text" in one ? one.text : "data" in one ? plainText(one.data) : "")).join("");
}

function traceback(content: Record<string, unknown>): string {
  const lines = z.array(z.string()).safeParse(content["traceback"]);
  const summary = [content["ename"], content["evalue"]].filter((part) => typeof part === "string").join(": ");
  const text = lines.success && lines.data.length > 0 ? lines.data.join("\n") : summary;
  return stripVTControlCharacters(text) || String(content["status"]);
}

function plainText(data: Readonly<Record<string, unknown>>): string {
  const text = data["text/plain"];
  return typeof text === "string" ? text : "";
}
