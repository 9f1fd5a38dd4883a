import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const REPOSITORY = join(import.meta.dirname, "../..");
const PAGES = globSync(["*.md", "{docs,catalog,.github}/**/*.md"], { cwd: REPOSITORY });

it.each(PAGES)("a documented command with --json in %s prints JSON alone, without npm's banner", (page) => {
  const lines = readFileSync(join(REPOSITORY, page), "utf8").split("\n");
  const withBanner = lines.filter((line) => /npm run (?!-s\b)[^`#]*--json/.test(line));
  expect(withBanner).toEqual([]);
});
