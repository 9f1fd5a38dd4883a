import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { untilInterrupted } from "./interrupt.ts";

let now: number;
beforeEach(() => {
  now = 5;
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

const source = new EventEmitter();
const interrupt = () => untilInterrupted(source, () => now);

it("one press of Ctrl-C shuts down and does not force quit, although npm passes it on a second time", () => {
  const { signal, killSignal } = interrupt();
  source.emit("SIGINT");
  now += 20;
  source.emit("SIGINT");
  expect([signal.aborted, killSignal.aborted]).toEqual([true, false]);
  expect(vi.mocked(process.stderr.write).mock.calls).toEqual([
    ["\nShutting down… press Ctrl-C again to force quit.\n"],
  ]);
});

it("a second press forces quit", () => {
  const { killSignal } = interrupt();
  source.emit("SIGINT");
  now += 1000;
  source.emit("SIGINT");
  expect(killSignal.aborted).toBe(true);
});

it("leaves no handler behind", () => {
  source.removeAllListeners();
  interrupt().stop();
  expect(source.eventNames()).toEqual([]);
});
