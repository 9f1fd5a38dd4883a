import { PassThrough } from "node:stream";
import type { ClientChannel } from "ssh2";
import { expect, it } from "vitest";
import { keeperProcess } from "./ssh-channel.ts";

it("the process that keeps locks ends with its connection, also where that is reset", async () => {
  // As far as it is used here, a channel is a stream with another one beside it.
  const channel = Object.assign(new PassThrough(), { stderr: new PassThrough() });
  const keeper = keeperProcess(channel as unknown as ClientChannel);
  const line = new Promise((resolve) => keeper.onLine(resolve));
  keeper.send("held");
  expect(await line).toBe("held");

  const ended = new Promise<void>((resolve) => void keeper.onEnd(resolve));
  channel.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
  await ended;
});
