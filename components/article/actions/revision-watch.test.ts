import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ArticleStatus } from "../../qbook/protocol.ts";
import type { Pending } from "../article-contract.ts";
import { RevisionWatch } from "./revision-watch.ts";

const SETTLE = 60_000;
const SENT = 1_000_000;
const URL = "https://q/bell";
const processedBefore = { sentAt: SENT, before: { status: "processed", url: URL }, left: false };

/** What is known after each of these answers, a second apart. */
function seen(sent: Pending | undefined, ...answers: (string | ArticleStatus)[]) {
  const watch = new RevisionWatch(sent, SETTLE);
  return answers.map((answer, index) => {
    const status = typeof answer === "string" ? { status: answer, url: URL } : answer;
    return watch.see(status, SENT + index * 1000);
  });
}

describe("what a status says of the content that was sent last", () => {
  test("is nothing while it says what it said before", () => {
    expect(seen(processedBefore, "processed", "processed")).toEqual([undefined, undefined]);
    const failedBefore = { ...processedBefore, before: { status: "failed" } };
    expect(seen(failedBefore, "failed", "failed")).toEqual([undefined, undefined]);
  });

  test("is credible for a new article", () => {
    const sent = { sentAt: SENT, left: false };
    expect(seen(sent, "unprocessed", "processed")).toEqual([undefined, "new"]);
    expect(seen(sent, "failed")).toEqual(["new"]);
  });

  test.each(["unprocessed", "processing", "queued"])("is credible once it was %s", (status) => {
    expect(seen(processedBefore, "processed", status, "failed").at(-1)).toBe("status");
    expect(seen({ ...processedBefore, left: true }, "processed")).toEqual(["status"]);
  });

  test("is credible where it is another one than before", () => {
    expect(seen(processedBefore, "processed", "failed")).toEqual([undefined, "status"]);
    expect(seen({ ...processedBefore, before: { status: "failed" } }, "processed")).toEqual(["status"]);
  });

  test("is credible with another URL, or another revision", () => {
    const moved = { status: "processed", url: `${URL}-2` };
    expect(seen(processedBefore, moved)).toEqual(["url"]);
    expect(seen(processedBefore, { status: "processed" })).toEqual([undefined]);
    const before = { status: "processed", url: URL, revision: "6" };
    expect(seen({ ...processedBefore, before }, { ...before, revision: "7" })).toEqual(["revision"]);
    expect(seen({ ...processedBefore, before }, before)).toEqual([undefined]);
  });

  test("is not credible where it may end what was under way when the content was sent", () => {
    const sent = { sentAt: SENT, before: { status: "processing", url: URL }, left: false };
    const moved = { status: "processed", url: `${URL}-2` };
    expect(seen(sent, "processing", moved, "processing", "failed")).toEqual([
      ...[undefined, undefined, undefined],
      "status",
    ]);
  });

  test("is taken for credible once it has stayed the same for the settling time", () => {
    const watch = new RevisionWatch(processedBefore, SETTLE);
    expect(watch.see({ status: "processed", url: URL }, SENT + SETTLE - 1)).toBeUndefined();
    expect(watch.see({ status: "processed", url: URL }, SENT + SETTLE)).toBe("settled");
    // Of an earlier version's state it is not known since when it has been so.
    const unknown = new RevisionWatch(undefined, SETTLE);
    expect(unknown.see({ status: "processed" }, SENT)).toBeUndefined();
    expect(unknown.see({ status: "processed" }, SENT + SETTLE)).toBe("settled");
  });

  test("survives an interruption: the next run knows what this one has seen", () => {
    const status = fc.constantFrom("unprocessed", "processing", "processed", "failed");
    fc.assert(
      fc.property(fc.array(status), status, (before, last) => {
        const sent = { sentAt: SENT, before: { status: "processed" }, left: false };
        const one = new RevisionWatch(sent, SETTLE);
        for (const each of before) one.see({ status: each }, SENT);
        const next = new RevisionWatch(one.pending, SETTLE);
        // Only what is seen at the very change of runs may be lost, and costs no more than the settling time.
        const evidence = next.see({ status: last }, SENT);
        if (evidence !== undefined) expect(one.see({ status: last }, SENT)).toBe(evidence);
      }),
    );
  });
});
