import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../resource/contract.ts";
import { decideBusy, needsRestart } from "./restart-decision.ts";

const restart = { mode: "command", command: ["restart"] } as const;
const wanted = (registrations: string[]) => ({
  registrations,
  restart: { ...restart, command: ["restart"] },
});
const id = fc.uuid().map((uuid) => `kernel/a/${uuid}`);
const ids = fc.uniqueArray(id, { maxLength: 5 });

describe("a restart", () => {
  it("is not needed again for the kernels that it was made for, nor when any of them are removed", () => {
    const some = ids.chain((applied) => fc.tuple(fc.constant(applied), fc.shuffledSubarray(applied)));
    fc.assert(
      fc.property(some, ([applied, left]) => {
        expect(needsRestart({ applied }, wanted(left))).toBe(false);
      }),
    );
  });

  it("is needed for one more kernel, whatever else is removed or stays", () => {
    fc.assert(
      fc.property(ids, ids, id, (applied, others, added) => {
        fc.pre(!applied.includes(added));
        expect(needsRestart({ applied }, wanted([...others, added]))).toBe(true);
      }),
    );
  });

  it("is needed for the first kernels of a gateway, and for no kernel it is not", () => {
    expect(needsRestart(undefined, wanted(["kernel/a/1"]))).toBe(true);
    expect(needsRestart(undefined, wanted([]))).toBe(false);
  });

  it("is needed for a kernel that is only created by this deployment", () => {
    expect(needsRestart({ applied: ["kernel/a/1"] }, { registrations: UNKNOWN, restart: UNKNOWN })).toBe(
      true,
    );
  });

  it("is never needed where the gateway restarts by no command", () => {
    const none = { registrations: ["kernel/a/1"], restart: { mode: "none" } } as const;
    expect(needsRestart(undefined, { ...none, registrations: [...none.registrations] })).toBe(false);
    expect(needsRestart(undefined, { ...none, registrations: UNKNOWN })).toBe(false);
  });
});

it.each([
  ["restart", 0, "restart"],
  ["restart", 2, "restart"],
  ["restart", undefined, "restart"],
  ["wait", 0, "restart"],
  ["wait", 2, "wait"],
  ["wait", undefined, "refuse"],
  ["refuse", 0, "restart"],
  ["refuse", 2, "refuse"],
  ["refuse", undefined, "refuse"],
] as const)(
  "with `whenBusy: %s` and %s kernels running, the decision is to %s",
  (policy, running, decision) => {
    expect(decideBusy(policy, running)).toBe(decision);
  },
);
