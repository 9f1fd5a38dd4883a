import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { WORDS_TO_AVOID } from "./words.ts";

const REPOSITORY = join(import.meta.dirname, "../..");
/** Written by hand: generated pages are made of these. */
const WRITTEN = [
  "{components,stacks,plan,cli,sandbox,studio,test}/**/*.{ts,tsx,mjs,py,sh}",
  "{docs,.github}/**/*.{md,yml}",
  "*.{ts,md,yaml,cjs}",
  ".ci/run",
];
/** The list itself. */
const LIST = /^test\/rules\/words(\.test)?\.ts$/;

it("plain technical English is used in sources, messages, comments and documents", () => {
  const found = globSync(WRITTEN, { cwd: REPOSITORY })
    .filter((file) => !LIST.test(file))
    .flatMap(wordsIn);
  expect(found.sort()).toEqual([]);
});

it.each([
  ["Mend the file", "fix"],
  ["the state is written anew", "again"],
  ["the key stands twice", "is"],
  ["what is wrong is said here", "is reported"],
  ["a folder a course", "one … per …"],
])("%j is found", (text, instead) => {
  expect(wordsOf(text).map(([, term]) => term)).toEqual([instead]);
});

it.each(["a stand-in stands in for it", "an issue stands for others", "a standard term", "recommended"])(
  "%j is plain",
  (text) => expect(wordsOf(text)).toEqual([]),
);

/** `file:line: what to avoid → the term to use`. */
function wordsIn(file: string): string[] {
  const lines = readFileSync(join(REPOSITORY, file), "utf8").split("\n");
  return lines.flatMap((line, index) =>
    wordsOf(line).map(([text, instead]) => `${file}:${index + 1}: "${text}" → "${instead}"`),
  );
}

function wordsOf(line: string): [text: string, instead: string][] {
  return WORDS_TO_AVOID.flatMap(([avoid, instead]) => {
    const text = new RegExp(avoid, "i").exec(line)?.[0];
    return text === undefined ? [] : [[text, instead] as [string, string]];
  });
}
