import { describe, expect, it } from "vitest";
import { exchanges } from "./exchanged.ts";

const before = new Map(
  Object.entries({ "course/a": "1", "course/b": "2", "course/c": "3" }).map(([id, fingerprint]) => [
    id,
    { title: id, url: "", customId: id, fingerprint },
  ]),
);
const found = (now: Record<string, string>) =>
  exchanges(new Map(Object.entries(now).map(([id, fingerprint]) => [id, { fingerprint }])), before);

describe("content that moves between articles", () => {
  it("is found where two folders are swapped", () => {
    expect(found({ "course/a": "2", "course/b": "1", "course/c": "3" })).toEqual([
      { id: "course/a", from: "course/b" },
      { id: "course/b", from: "course/a" },
    ]);
  });

  it("is found where one folder takes the place of another that changes", () => {
    expect(found({ "course/a": "2", "course/b": "9" })).toEqual([{ id: "course/a", from: "course/b" }]);
  });

  it("is not seen in edits, copies, new articles and articles that can't be read", () => {
    expect(found({ "course/a": "9", "course/b": "2", "course/c": "3" })).toEqual([]);
    expect(found({ "course/a": "2", "course/b": "2" })).toEqual([]);
    expect(found({ "course/d": "2", "course/b": "1" })).toEqual([]);
    expect(found({ "course/a": "", "course/b": "" })).toEqual([]);
  });
});
