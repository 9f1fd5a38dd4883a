import { describe, expect, test } from "vitest";
import type { SavedArticle } from "../article-contract.ts";
import { refreshed } from "./refreshed.ts";

const URL = "https://q/bell";
const NOW = 5_000_000;
const SETTLE = 60_000;
const article = { kind: "course", slug: "bell", title: "Bell", customId: "bell-1", url: URL } as const;
const processed: SavedArticle = { ...article, state: "processed", evidence: "status" };
const look = (before: SavedArticle, status: string, more = {}) =>
  refreshed(before, { status, ...more }, NOW, SETTLE);

describe("a refresh", () => {
  test.each([processed, { ...article, state: "failed" } as const])("leaves what is so: $state", (before) => {
    expect(look(before, before.state, { url: URL })).toEqual(before);
  });

  test("takes over a result that changed, and the evidence of it", () => {
    expect(look(processed, "failed")).toEqual({ ...article, state: "failed" });
    const failed = { ...article, state: "failed" } as const;
    expect(look(failed, "processed", { url: `${URL}-2` })).toEqual({
      ...article,
      url: `${URL}-2`,
      state: "processed",
      evidence: "status",
    });
  });

  test("finds an article that is there again", () => {
    expect(look({ ...article, state: "gone" }, "processed")).toMatchObject({ state: "processed" });
  });

  test("finds one that somebody else had processed again, and takes over how that ends", () => {
    const again = look(processed, "unprocessed");
    expect(again).toMatchObject({ state: "processing", pending: { before: { status: "processed" } } });
    expect(again).not.toHaveProperty("evidence");
    expect(look(again, "failed")).toEqual({ ...article, state: "failed" });
  });

  test("does not take an earlier result for that of an update", () => {
    const pending = { sentAt: NOW - 1000, before: { status: "processed", url: URL }, left: false };
    const sent: SavedArticle = { ...article, state: "processing", pending };
    expect(look(sent, "processed", { url: URL })).toEqual(sent);
    const seen = look(sent, "processing");
    expect(seen).toEqual({ ...sent, pending: { ...pending, left: true } });
    expect(look(seen, "processed")).toEqual({ ...article, state: "processed", evidence: "status" });
  });

  test("does not take anything for the result of what an earlier version sent", () => {
    const sent: SavedArticle = { ...article, state: "processing" };
    expect(look(sent, "processed")).toEqual(sent);
  });
});
