import { createServer } from "node:net";
import { expect, it } from "vitest";
import { hasEngine } from "./engine-life.ts";

const argv = (port: number) => ["node", "/sdk/cmd/dynamic-provider", `127.0.0.1:${port}`];

it("an engine is there as long as it takes connections, and none is missed where none started the process", async () => {
  const engine = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => engine.once("listening", listening));
  const address = engine.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  expect(await hasEngine(argv(port))).toBe(true);
  await new Promise((closed) => engine.close(closed));
  expect(await hasEngine(argv(port))).toBe(false);
  expect(await hasEngine(["node", "/a/test"])).toBe(true);
});
