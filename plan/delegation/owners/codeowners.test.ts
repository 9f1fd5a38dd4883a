import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { lineFor, parseCodeOwners } from "./codeowners.ts";
import { matches, parsePattern } from "./owner-pattern.ts";

const folder = mkdtempSync(join(tmpdir(), "lectern-owners-"));
execFileSync("git", ["init", "--quiet", folder]);
afterAll(() => rmSync(folder, { recursive: true }));

/** Which paths a pattern of .gitignore matches, as git has it. */
function ignoredByGit(pattern: string, paths: readonly string[]): string[] {
  const file = join(folder, "pattern");
  writeFileSync(file, `${pattern}\n`);
  const options = ["-c", `core.excludesFile=${file}`, "check-ignore", "--no-index", "--stdin"];
  try {
    return execFileSync("git", options, { cwd: folder, input: paths.join("\n"), encoding: "utf8" })
      .split("\n")
      .filter((line) => line !== "");
  } catch (error) {
    if (error instanceof Error && "status" in error && error.status === 1) return [];
    throw error;
  }
}

const isMatch = (pattern: string, path: string) => {
  const parsed = parsePattern(pattern);
  return parsed === undefined ? "malformed" : matches(parsed, path);
};

it.each([
  ["*", "a/b.md", true],
  ["*.js", "a/b.js", true],
  ["*.js", "b.jsx", false],
  ["/build/logs/", "build/logs/a/b", true],
  ["/build/logs/", "x/build/logs/a", false],
  ["docs/*", "docs/getting-started.md", true],
  ["docs/*", "docs/build-app/troubleshooting.md", false],
  ["/*", "README.md", true],
  ["/*", "docs/a.md", false],
  ["apps/", "x/apps/y/z", true],
  ["apps/", "apps", false],
  ["/docs/", "docs/a/b", true],
  ["/apps/github", "apps/github/a", true],
  ["**/logs", "deeply/nested/logs/a", true],
  ["catalog/**/images", "catalog/images/a.png", true],
  ["catalog/**/images", "catalog/courses/x/images/a.png", true],
  ["catalog/courses/physics-*/", "catalog/courses/physics-1/course.json", true],
  ["catalog/courses/physics-*/", "catalog/courses/physics-1", false],
  ["catalog/courses/p?/", "catalog/courses/p1/a", true],
  ["catalog/my\\ course/", "catalog/my course/a", true],
  ["Catalog/", "catalog/a", false],
  ["a.b", "axb", false],
  ["!a", "a", "malformed"],
  ["[ab]", "a", "malformed"],
  ["\\#a", "#a", "malformed"],
  ["/", "a", "malformed"],
] as const)("the pattern %s on %s: %s", (pattern, path, expected) => {
  expect(isMatch(pattern, path)).toBe(expected);
});

it("matches as git does, but for `folder/*`, which reaches no deeper here", () => {
  const name = fc.constantFrom("a", "b", "ab", "a.b");
  const part = fc.oneof(name, fc.constantFrom("*", "**", "a*", "*b", "?", "a**b"));
  const pattern = fc
    .tuple(fc.constantFrom("", "/"), fc.array(part, { minLength: 1, maxLength: 4 }), fc.constantFrom("", "/"))
    .map(([start, parts, end]) => `${start}${parts.join("/")}${end}`)
    .filter((text) => text === "*" || !/(^|\/)\*$/.test(text));
  const paths = fc.uniqueArray(
    fc.array(name, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/")),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(pattern, paths, (text, some) => {
      const ours = some.filter((path) => isMatch(text, path));
      expect(ours.sort()).toEqual(ignoredByGit(text, some).sort());
    }),
    { numRuns: 150 },
  );
});

const ownersOf = (text: string, path: string) => lineFor(parseCodeOwners(text, "CODEOWNERS"), path)?.owners;

it("lets the last line that matches count, and a line without owners takes files from everybody", () => {
  const text = `# Owners
*                       @everybody   # the rest
/catalog/courses/       @org/teaching ada@example.org

/catalog/courses/exam/
`;
  expect(ownersOf(text, "README.md")).toEqual(["@everybody"]);
  expect(ownersOf(text, "catalog/courses/bell/course.json")).toEqual(["@org/teaching", "ada@example.org"]);
  expect(ownersOf(text, "catalog/courses/exam/course.json")).toEqual([]);
  expect(ownersOf("", "README.md")).toBeUndefined();
});

it("names lines that GitHub would skip", () => {
  const text = "* @ada\n!docs/ @ada\ndocs/ ada\n\n# comment\nx/ @ada @org/\n";
  expect(parseCodeOwners(text, "CODEOWNERS").malformed).toEqual([2, 3, 6]);
});

it("is decided by a line that is added at the end and matches, and by nothing that does not", () => {
  const line = fc.constantFrom("* @a", "/x/ @b", "*.md @c", "/x/y @d", "/x/*", "z @e");
  const path = fc.constantFrom("x/y", "x/a.md", "z", "README.md", "x/y/z/q");
  fc.assert(
    fc.property(fc.array(line), line, path, (lines, last, file) => {
      const [pattern = "", ...owners] = last.split(" ");
      const before = ownersOf(lines.join("\n"), file);
      const expected = isMatch(pattern, file) === true ? owners : before;
      expect(ownersOf([...lines, last].join("\n"), file)).toEqual(expected);
    }),
  );
});
