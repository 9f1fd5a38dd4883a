import { once } from "node:events";
import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { streamLines } from "./stream-lines.ts";

it("gives the lines of a stream, and is closed where the stream is reset", async () => {
  const stream = new PassThrough();
  const lines = streamLines(stream);
  const closed = once(lines, "close");
  const line = once(lines, "line");
  stream.write("one\n");
  expect(await line).toEqual(["one"]);

  stream.on("error", () => {});
  stream.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
  await closed;
});
