import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { allDocumented, type Documented, documentedCommands, PAGES } from "./documented-commands.ts";
import { Reader } from "./reader.ts";
import { NOT_HERE, RUN_ELSEWHERE } from "./run-elsewhere.ts";

// A reader types the blocks of each page from the top, in a copy of this repository.

const REPOSITORY = join(import.meta.dirname, "../..");
const MINUTES = 60_000;
const LISTED = [...RUN_ELSEWHERE, ...NOT_HERE].map(([pattern]) => pattern);
const isListed = ({ text }: Documented) => LISTED.some((pattern) => pattern.test(text));

/** What a reader does in the copy, by page; what an earlier page has shown is not done again. */
const WALKS = (() => {
  const seen = new Set<string>();
  return PAGES.map((page) => {
    const commands = documentedCommands(page).filter((command) => {
      const isNew = command.block && !isListed(command) && !seen.has(command.text);
      if (isNew) seen.add(command.text);
      return isNew;
    });
    return [page, commands] as const;
  }).filter(([, commands]) => commands.length > 0);
})();

let reader: Reader;
beforeAll(() => {
  reader = Reader.create();
});
afterAll(() => reader.leave());

it.each(WALKS)("what %s tells people to type works", { timeout: 10 * MINUTES }, async (page, commands) => {
  reader.open(page);
  for (const { text, line } of commands) {
    const { code, output } = await reader.type(text);
    expect(reader.mayFail(text) ? [0, 1] : [0], `${page}:${line}: ${text}\n${output}`).toContain(code);
  }
});

it("what is run elsewhere is documented, and its test is there", () => {
  const texts = allDocumented().map(({ text }) => text);
  const stale = LISTED.filter((pattern) => !texts.some((text) => pattern.test(text)));
  expect(stale.map(String)).toEqual([]);
  const missing = RUN_ELSEWHERE.filter(([, test]) => !existsSync(join(REPOSITORY, test)));
  expect(missing.map(([, test]) => test)).toEqual([]);
});
