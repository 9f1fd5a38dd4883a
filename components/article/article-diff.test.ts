import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../resource/contract.ts";
import type { Applied } from "./article-contract.ts";
import { difference } from "./article-diff.ts";

const digest = fc.integer({ min: 0, max: 3 }).map((n) => `sha256:${n}` as const);
const parts = fc.dictionary(
  fc.constantFrom("metadata tags", "image a.png", "chapter 1 'A' notebook"),
  digest,
);
const contents = parts.map((all) => ({
  parts: all,
  fingerprint: `sha256:${JSON.stringify(Object.entries(all).sort())}`,
}));
const overrides = fc.record({
  titlePrefix: fc.constantFrom("", "[s] "),
  visibility: fc.constantFrom("public", "private"),
});
const applied = fc
  .tuple(contents, overrides, fc.string())
  .map(([content, over, commit]) => ({ ...content, ...over, commit }));
const noise = fc.record({
  ledger: fc.string(),
  folder: fc.string(),
  declaredKernels: fc.array(fc.string()),
  commit: fc.string(),
});

const processed = (one: Applied) => ({ state: "processed", customId: "x", applied: one }) as const;

describe("the difference", () => {
  test("is none between an article and itself, whatever else changed", () => {
    fc.assert(
      fc.property(applied, noise, (one, other) => {
        expect(difference(processed(one), { ...one, ...other })).toEqual({ lines: [], send: false });
      }),
    );
  });

  test("is there, and described, exactly where content or an override differs", () => {
    fc.assert(
      fc.property(applied, applied, (one, two) => {
        const same =
          one.fingerprint === two.fingerprint &&
          one.titlePrefix === two.titlePrefix &&
          one.visibility === two.visibility;
        const { lines, send } = difference(processed(one), two, [two.parts]);
        expect(send).toBe(!same);
        expect(lines.length > 0).toBe(!same);
      }),
    );
  });

  test("names what changed in the content where its parts are known", () => {
    const one: Applied = { parts: { "image a.png": "sha256:0" }, fingerprint: "a", commit: "c" };
    const two = { ...one, fingerprint: "b" };
    const parts = { "image a.png": "sha256:1" } as const;
    expect(difference(processed(one), two, [parts]).lines).toEqual(["image a.png changed"]);
    expect(difference(processed(one), two).lines).toEqual(["content changed"]);
  });

  test("names what changed by the digests that the state has, this or an earlier version's", () => {
    const kept = { "image a.png": "sha256:0", "chapter 1 'A' notebook": "sha256:1" };
    const one: Applied = { parts: kept, fingerprint: "a", commit: "c" };
    const today = { "image a.png": "sha256:9", "chapter 1 'A' notebook": "sha256:8" };
    const earlier = { ...kept, "image a.png": "sha256:9" };
    const { lines } = difference(processed(one), { ...one, fingerprint: "b" }, [today, earlier]);
    expect(lines).toEqual(["image a.png changed"]);
  });

  test("is gone once what was wanted has been applied", () => {
    fc.assert(
      fc.property(applied, applied, (one, two) => {
        difference(processed(one), two, [two.parts]);
        expect(difference(processed(two), two).send).toBe(false);
      }),
    );
  });

  test("is there for what is not known yet", () => {
    const one: Applied = { parts: {}, fingerprint: "a", commit: "c" };
    for (const unknown of [{ customId: UNKNOWN }, { fingerprint: UNKNOWN }] as const) {
      expect(difference(processed(one), { ...one, ...unknown }).send).toBe(true);
    }
  });

  test("of an unfinished article is the waiting, or the sending again", () => {
    const one: Applied = { parts: {}, fingerprint: "a", commit: "c" };
    expect(difference({ ...processed(one), state: "processing" }, one)).toEqual({
      send: false,
      lines: ["qBook was still processing it: the next deployment waits for it"],
    });
    expect(difference({ ...processed(one), state: "failed" }, one).send).toBe(true);
  });

  test("names an ID to adopt, and none where it is in use already", () => {
    const one: Applied = { parts: {}, fingerprint: "a", commit: "c" };
    expect(difference(processed(one), { ...one, customId: "y" }).lines).toEqual([
      "adopts y on qBook instead of x",
    ]);
    expect(difference(processed(one), { ...one, customId: "x" }).lines).toEqual([]);
  });
});
