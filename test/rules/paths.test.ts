import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const REPOSITORY = join(import.meta.dirname, "../..");
const PAGES = [
  ...globSync(["docs/**/*.md", ".github/**/*.md"], { cwd: REPOSITORY }),
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"],
];

/** Folders whose names in `code` are meant as paths. */
const CODE_PATH =
  /^\.?\/?(components|stacks|plan|cli|sandbox|test|docs|\.github|\.ci)\/[\w./-]+$|^\.ci\/run$/;
/** What a user replaces, and what exists only once something ran. */
const NOT_OURS = /^(catalog|\.lectern|\.cache|node_modules)(\/|$)/;

/** The paths that a page names, from the repository's root. */
function pathsIn(page: string): string[] {
  const text = readFileSync(join(REPOSITORY, page), "utf8").replace(/```[\s\S]*?```/g, "");
  const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link]) => link ?? "");
  const codes = [...text.matchAll(/`([^`\s]+)`/g)].map(([, code]) => code ?? "");
  return [
    ...links.filter((link) => !/^[a-z]+:/.test(link)).map((link) => join(dirname(page), link)),
    ...codes.filter((code) => CODE_PATH.test(code)),
  ];
}

describe("every path that a page names exists", () => {
  it.each(PAGES)("in %s", (page) => {
    const missing = pathsIn(page).filter(
      (path) => !NOT_OURS.test(path) && !existsSync(join(REPOSITORY, path)),
    );
    expect([...new Set(missing)]).toEqual([]);
  });
});

it("two pages that a newcomer starts from lead to the architecture", () => {
  for (const page of ["README.md", "CONTRIBUTING.md"]) {
    const paths = pathsIn(page).map((path) => relative(REPOSITORY, join(REPOSITORY, path)));
    expect(paths).toEqual(expect.arrayContaining(["docs/architecture.md", "docs/glossary.md"]));
  }
});
