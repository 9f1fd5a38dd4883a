import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Digest } from "../../digest.ts";
import { parseDigest, parseRepository, type Repository } from "../reference.ts";
import { type DesiredAlias, differs, planMoves } from "./alias-plan.ts";
import type { AliasRecords } from "./image-alias-contract.ts";

const digestOf = (letter: string): Digest => parseDigest(`sha256:${letter.repeat(64)}`);
const [A, B, C] = [digestOf("a"), digestOf("b"), digestOf("c")];
const LAB = parseRepository("ghcr.io/lectern/lab");

const desired = (change: Partial<DesiredAlias> = {}): DesiredAlias => ({
  alias: "recommended",
  target: "w_2026_44",
  targetDigest: B,
  source: LAB,
  repositories: [LAB],
  rollback: false,
  ...change,
});
const at = (digest: Digest | undefined): ReadonlyMap<Repository, Digest | undefined> =>
  new Map([[LAB, digest]]);
const applied = (digest: Digest, previous?: Digest): AliasRecords => ({
  [LAB]: { digest, applied: digest, tag: "w_2026_40", rolledBack: false, ...(previous ? { previous } : {}) },
});

describe("what is remembered of an alias", () => {
  const previous = (now: Digest | undefined, known: AliasRecords) =>
    planMoves(desired(), (now && at(now)) || at(undefined), known)[0]?.after.previous;

  it("is what it named before the first move", () => expect(previous(A, {})).toBe(A));
  it("is nothing where there was no alias", () => expect(previous(undefined, {})).toBeUndefined());
  it("is what this stack had applied", () => expect(previous(A, applied(A))).toBe(A));
  it("is never what somebody else had put there since", () => expect(previous(C, applied(A))).toBe(A));
  it("survives the repair of what somebody else did", () => expect(previous(C, applied(B, A))).toBe(A));
  it("stays unknown where the repair is all there was", () =>
    expect(previous(C, applied(B))).toBeUndefined());
  it("survives a run that was interrupted after the move", () => expect(previous(B, applied(A))).toBe(A));
  it("stays where nothing moves", () => expect(previous(B, applied(B, A))).toBe(A));
});

describe("a rollback", () => {
  const back = desired({ rollback: true });

  it("goes to what was there before, and stays", () => {
    const [move] = planMoves(back, at(B), applied(B, A));
    expect(move?.to).toBe(A);
    expect(move?.after).toMatchObject({ applied: A, previous: B, rolledBack: true });
    const known = { [LAB]: move?.after ?? expect.fail() };
    const again = planMoves(back, at(A), known);
    expect(again[0]?.to).toBe(A);
    expect(differs(again, known)).toBe(false);
  });

  /** The record after a move in one repository. */
  const moved = (wanted: DesiredAlias, known: AliasRecords) => {
    const [move] = planMoves(wanted, at(known[LAB]?.applied), known);
    return { [LAB]: move?.after ?? expect.fail() };
  };

  it("that is settled is followed by one that goes further back, never forward again", () => {
    const to = (targetDigest: Digest) => desired({ targetDigest });
    const first = moved(to(C), applied(A));
    const bad = moved(to(B), first);
    const rolledBack = moved(desired({ rollback: true }), bad);
    expect(rolledBack[LAB]).toMatchObject({ applied: C, previous: B, rolledBack: true });
    const settled = moved(to(C), rolledBack);
    expect(settled[LAB]).toMatchObject({ applied: C, previous: A, rolledBack: false });
    const again = moved({ ...to(C), rollback: true }, settled);
    expect(again[LAB]?.applied).toBe(A);
    expect(() => moved({ ...to(A), rollback: true }, moved(to(A), again))).toThrow("can't go back");
  });

  it("that is given up moves on, and goes back to the same image again", () => {
    const bad = moved(desired(), applied(A));
    const on = moved(desired(), moved(desired({ rollback: true }), bad));
    expect(on[LAB]).toMatchObject({ applied: B, previous: A });
  });

  it("of an earlier version, once settled, knows nothing to go back to", () => {
    const record = { digest: A, applied: A, tag: "w_2026_40", previous: B, rolledBack: true };
    const settled = moved(desired({ targetDigest: A }), { [LAB]: record });
    expect(settled[LAB]).toMatchObject({ applied: A, rolledBack: false });
    expect(settled[LAB]).not.toHaveProperty("previous");
  });

  it("is over when it is removed", () => {
    const known = { [LAB]: planMoves(back, at(B), applied(B, A))[0]?.after ?? expect.fail() };
    expect(planMoves(desired(), at(A), known)[0]?.to).toBe(B);
  });

  it("has to know where to go", () => {
    expect(() => planMoves(back, at(B), applied(B))).toThrow("can't go back");
    expect(() => planMoves(back, at(B), {})).toThrow("can't go back");
  });
});

describe("a plan", () => {
  const digest = fc.constantFrom(A, B, C);
  const now = fc.option(digest, { nil: undefined });
  const state = fc.oneof(
    fc.constant({} as AliasRecords),
    fc.tuple(digest, digest).map(([is, was]) => applied(is, was)),
  );

  it("has nothing left to do once it was carried out", () => {
    fc.assert(
      fc.property(now, state, digest, fc.boolean(), (is, known, targetDigest, rollback) => {
        if (rollback && !known[LAB]?.previous) return;
        const wanted = desired({ targetDigest, rollback });
        const [move] = planMoves(wanted, at(is), known);
        const after = { [LAB]: move?.after ?? expect.fail() };
        const again = planMoves(wanted, at(move?.to), after);
        expect(again[0]?.to).toBe(move?.to);
        expect(differs(again, after)).toBe(false);
      }),
    );
  });

  it("never remembers as previous what the alias names", () => {
    fc.assert(
      fc.property(now, digest, (is, targetDigest) => {
        const [move] = planMoves(desired({ targetDigest }), at(is), applied(A, C === targetDigest ? B : C));
        expect(move?.after.previous).not.toBe(move?.to);
      }),
    );
  });

  it("ends in the same place whether or not the run before was interrupted", () => {
    fc.assert(
      fc.property(now, state, digest, (is, known, targetDigest) => {
        const wanted = desired({ targetDigest });
        const whole = planMoves(wanted, at(is), known)[0];
        const resumed = planMoves(wanted, at(whole?.to), known)[0];
        expect(resumed?.after.applied).toBe(whole?.after.applied);
        expect(resumed?.to).toBe(whole?.to);
      }),
    );
  });
});
