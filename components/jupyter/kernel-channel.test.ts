import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { type ChannelCall, executeOnChannel } from "./kernel-channel.ts";

let server: WebSocketServer | undefined;
afterEach(() => server?.close());

type Send = (type: string, content: object) => void;

/** A kernel that answers a cell as `act` does, and calls what `act` gives when it is interrupted. */
async function kernel(act: (send: Send, socket: WebSocket) => void): Promise<URL> {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      const { header } = JSON.parse(String(data));
      const send: Send = (type, content) =>
        socket.send(
          JSON.stringify({ header: { msg_id: "m", msg_type: type }, parent_header: header, content }),
        );
      act(send, socket);
    });
  });
  await once(server, "listening");
  return new URL(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

const ok = (send: Send) => {
  send("execute_reply", { status: "ok" });
  send("status", { execution_state: "idle" });
};

const execute = (url: URL, options: Partial<ChannelCall> = {}) =>
  executeOnChannel({ url, headers: {}, code: "1", timeout: 20_000, ...options });

it("gives what a cell showed, by mime type", async () => {
  const url = await kernel((send) => {
    send("stream", { name: "stdout", text: "hi " });
    send("execute_result", { data: { "text/plain": "1", "image/png": "aGk=" } });
    ok(send);
  });
  expect(await execute(url)).toEqual({
    output: "hi 1",
    outputs: [
      { output_type: "stream", name: "stdout", text: "hi " },
      { output_type: "execute_result", data: { "text/plain": "1", "image/png": "aGk=" } },
    ],
    dropped: 0,
    late: false,
  });
});

it("drops one output that is too long to read, and still gets the reply", async () => {
  const url = await kernel((send) => {
    send("stream", { name: "stdout", text: "x".repeat(17_000_000) });
    send("stream", { name: "stdout", text: "end" });
    ok(send);
  });
  const { output, dropped } = await execute(url);
  expect(output).toBe("end");
  expect(dropped).toBeGreaterThan(17_000_000);
});

it("keeps the beginning of what comes in pieces", async () => {
  const url = await kernel((send) => {
    for (let index = 0; index < 100; index += 1) send("stream", { name: "stdout", text: "x".repeat(20_000) });
    ok(send);
  });
  const { output, dropped } = await execute(url, { outputLimit: 1_000_000 });
  expect(output.length).toBeLessThanOrEqual(1_000_000);
  expect(output.length).toBeGreaterThan(800_000);
  expect(dropped).toBeGreaterThan(900_000);
});

it("takes a reply that is too long to read for a failure of the cell", async () => {
  const url = await kernel((send) => {
    send("execute_reply", { status: "error", ename: "E", evalue: "x".repeat(17_000_000) });
    send("status", { execution_state: "idle" });
  });
  expect((await execute(url)).traceback).toMatch(/^the exception has a text of \d+ bytes$/);
});

it("interrupts a cell that takes too long, and gives where it was", async () => {
  const asked = Promise.withResolvers<Send>();
  const url = await kernel((send) => {
    send("stream", { name: "stdout", text: "begun" });
    asked.resolve(send);
  });
  const interrupt = async () => {
    const send = await asked.promise;
    send("execute_reply", { status: "error", ename: "KeyboardInterrupt", evalue: "", traceback: ["here"] });
    send("status", { execution_state: "idle" });
  };
  const result = await execute(url, { timeout: 50, interrupt, grace: 25_000 });
  expect(result).toMatchObject({ late: true, output: "begun", traceback: "here" });
  await expect(execute(url, { timeout: 50 })).rejects.toThrow("the cell did not end within 0.05 s");
});

it("is late without a traceback where the kernel can't be interrupted", async () => {
  const url = await kernel(() => {});
  expect(await execute(url, { timeout: 20, interrupt: async () => {}, grace: 20 })).toMatchObject({
    late: true,
    output: "",
  });
  const refused = async () => Promise.reject(new Error("no such kernel"));
  expect(await execute(url, { timeout: 20, interrupt: refused })).toMatchObject({ late: true });
});

it("fails where the kernel ends, restarts by itself, or is asked to give up", async () => {
  const dying = await kernel((send) => send("status", { execution_state: "restarting" }));
  await expect(execute(dying)).rejects.toThrow("the kernel ended (restarting)");
  server?.close();
  const gone = await kernel((_, socket) => socket.close());
  await expect(execute(gone)).rejects.toThrow("the connection closed before the cell ended");
  server?.close();
  const silent = await kernel(() => {});
  const reason = new Error("interrupted");
  await expect(execute(silent, { signal: AbortSignal.abort(reason) })).rejects.toThrow("interrupted");
  const stopping = new AbortController();
  const running = execute(silent, { signal: stopping.signal });
  stopping.abort(reason);
  await expect(running).rejects.toThrow("interrupted");
});
