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
  /^\.?\/?(components|stacks|plan|cli|sandbox|studio|test|docs|\.github|\.ci)\/[\w./-]+$|^\.ci\/run$/;
/** What a user replaces, and what exists only once something ran. */
const NOT_OURS = /^(catalog|\.lectern|\.cache|node_modules)(\/|$)/;

/** A page without its blocks of code. */
const textOf = (page: string) => readFileSync(join(REPOSITORY, page), "utf8").replace(/```[\s\S]*?```/g, "");

/** The paths that a page names, from the repository's root. */
function pathsIn(page: string): string[] {
  const text = textOf(page);
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

/** The headings of pages that a page links to, as `page#heading`. */
function headingsLinkedIn(page: string): string[] {
  return [...textOf(page).matchAll(/\]\(([^)#\s:]*)#([^)]+)\)/g)].map(
    ([, path, heading]) => `${path ? join(dirname(page), path) : page}#${heading}`,
  );
}

/** The addresses of a page's headings, as GitHub makes them. */
const headingsOf = (page: string) =>
  [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"),
  );

it.each(PAGES)("every heading that a link in %s names exists", (page) => {
  const missing = headingsLinkedIn(page).filter((link) => {
    const [to = "", heading = ""] = link.split("#");
    return !headingsOf(to).includes(heading);
  });
  expect(missing).toEqual([]);
});

it("links to headings are found, so that a missing one is", () => {
  expect(headingsLinkedIn("README.md")).toContain("docs/architecture.md#size-of-an-installation");
  expect(headingsOf("README.md")).toContain("go-live");
});

it("two pages that a newcomer starts from lead to the architecture", () => {
  for (const page of ["README.md", "CONTRIBUTING.md"]) {
    const paths = pathsIn(page).map((path) => relative(REPOSITORY, join(REPOSITORY, path)));
    expect(paths).toEqual(expect.arrayContaining(["docs/architecture.md", "docs/glossary.md"]));
  }
});
