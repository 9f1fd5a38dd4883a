import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { ArticleOutput } from "../outputs/outputs.ts";
import { forgottenArticles, forgottenOutputs, formerArticle, type LastOutputs } from "./forgotten.ts";

const article = (name: string, more: Partial<ArticleOutput> = {}): ArticleOutput => ({
  title: `About ${name}`,
  url: `https://qbook.example.org/learn/${name}`,
  customId: `${name}-1`,
  fingerprint: `sha256:${name}`,
  ...more,
});

function last(
  articles: Record<string, ArticleOutput | undefined>,
  forgotten: Record<string, ArticleOutput | undefined> = {},
): LastOutputs {
  return { articles: new Map(Object.entries(articles)), forgotten: new Map(Object.entries(forgotten)) };
}

describe("what a stack has forgotten", () => {
  it("is what left the catalog, now or before", () => {
    const before = last({ "course/a": article("a"), "course/b": article("b") }, { "blog/c": article("c") });
    expect([...forgottenArticles(before, new Set(["course/a"]))]).toEqual([
      ["blog/c", article("c")],
      ["course/b", article("b")],
    ]);
  });

  it("is kept while its folder is back and nobody has answered", () => {
    const before = last({}, { "course/a": article("a") });
    expect([...forgottenArticles(before, new Set(["course/a"])).keys()]).toEqual(["course/a"]);
  });

  it("ends where the article is deployed again, under its name or another", () => {
    const forgotten = { "course/a": article("a") };
    const back = last({ "course/a": article("a") }, forgotten);
    expect(forgottenArticles(back, new Set(["course/a"])).size).toBe(0);
    const renamed = last({ "course/z": article("a") }, forgotten);
    expect(forgottenArticles(renamed, new Set(["course/z"])).size).toBe(0);
  });

  it("includes what was left in a state that nobody can read any more", () => {
    const before = last({ "course/a": undefined });
    expect(forgottenArticles(before, new Set()).get("course/a")).toMatchObject({ customId: "" });
  });
});

describe("a new article", () => {
  const forgotten = new Map([
    ["course/old", article("old")],
    ["course/talk", article("talk")],
  ]);
  const former = (id: string, title: string, fingerprint: string) =>
    formerArticle(
      { id: id as `course/${string}`, name: id.slice(id.indexOf("/") + 1) },
      { title, fingerprint },
      forgotten,
    )?.id;

  it.each([
    ["its folder is restored", "course/old", "Another title", "sha256:new", "course/old"],
    ["its folder was renamed", "course/fresh", "Another title", "sha256:old", "course/old"],
    ["it was renamed and edited", "course/fresh", "About old", "sha256:new", "course/old"],
    ["it was a course, and is a blog now", "blog/talk", "Another title", "sha256:new", "course/talk"],
  ])("may be a forgotten one where %s", (_, id, title, fingerprint, expected) => {
    expect(former(id, title, fingerprint)).toBe(expected);
  });

  it("is simply new where nothing is alike, or where it can't be read", () => {
    expect(former("course/fresh", "Fresh", "sha256:new")).toBeUndefined();
    expect(former("course/fresh", "Fresh", "")).toBeUndefined();
  });
});

it("the outputs drop a forgotten article that the same deployment has adopted", async () => {
  const forgotten = new Map([
    ["course/a", article("a")],
    ["course/b", article("b")],
  ]);
  const outputs = forgottenOutputs(forgotten, { "course/z": pulumi.output(article("a")) });
  const values = await new Promise((resolve) => pulumi.output(outputs).apply(resolve));
  expect(values).toEqual({ "course/a": undefined, "course/b": article("b") });
});
