import { expect, it } from "vitest";
import type { ArticleId } from "../catalog.ts";
import { NEVER_PROCESSED } from "../outputs/outputs.ts";
import type { Gate } from "../promotion/gate.ts";
import { kernelsHeld, kernelsNamed, type ReadArticle } from "./named-kernels.ts";

const article = (id: ArticleId, ...kernels: string[]): ReadArticle => ({
  id,
  contents: { title: id, fingerprint: "f", kernels },
});
const kernel = (displayName: string) => ({ displayName, image: "", registration: "" });

const articles = [article("course/bell", "New"), article("blog/news", "New", "Other")];
const before = {
  articles: new Map([["course/bell", { ...NEVER_PROCESSED, kernels: ["Old"] }]]),
  kernels: new Map([
    ["quantum", kernel("Old")],
    ["lost", undefined],
    ["unnamed", kernel("")],
    ["python", kernel("Python")],
  ]),
};
const held = (gate: Gate<never>) => [...kernelsHeld(articles, { article: () => gate }, before)];

it("finds the articles that name a kernel", () => {
  expect([...kernelsNamed(articles)]).toEqual([
    ["New", ["course/bell", "blog/news"]],
    ["Other", ["blog/news"]],
  ]);
});

it("finds what held articles use as they are deployed; one of which that is unknown may use any kernel", () => {
  expect(held({ hold: "staging has not processed it yet", deployed: true })).toEqual([
    ["Old", ["course/bell", "blog/news"]],
    ["Python", ["blog/news"]],
  ]);
});

it("finds nothing of an article that is held and was never deployed", () => {
  expect(held({ hold: "staging has not deployed it yet", deployed: false })).toEqual([]);
});
