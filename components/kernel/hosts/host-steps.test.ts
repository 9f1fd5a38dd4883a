import { expect, test } from "vitest";
import { applyOrRestore, type HostStep } from "./host-steps.ts";
import type { Transport } from "./transport/transport.ts";

function step(host: string, done: string[], fails: readonly string[] = []): HostStep {
  const act = (what: string) => async () => {
    done.push(`${what} ${host}`);
    if (fails.includes(what)) throw new Error(`no ${what}`);
  };
  return { host: { host } as Transport, what: "write", apply: act("apply"), undo: act("undo") };
}

test("where a step fails, all that were begun are undone, the last one first, and the error tells which", async () => {
  const done: string[] = [];
  const steps = [step("a", done), step("b", done, ["apply"]), step("c", done)];
  await expect(applyOrRestore("q", steps, async () => {})).rejects.toThrow(
    "kernel q: b: write: no apply; what was there before is restored on b, a",
  );
  expect(done).toEqual(["apply a", "apply b", "undo b", "undo a"]);
});

test("a host that can't be restored is named with the cause", async () => {
  const done: string[] = [];
  const verify = () => Promise.reject(new Error("not known"));
  await expect(applyOrRestore("q", [step("a", done, ["undo"]), step("b", done)], verify)).rejects.toThrow(
    "kernel q: verification: not known; what was there before is restored on b; NOT restored on a (no undo)",
  );
});
