/** Headings of CHANGELOG.md, which follows Keep a Changelog. */
const UNRELEASED = "## [Unreleased]";
const heading = (version: string) => `## [${version}]`;

/**
 * The changelog in which what is unreleased is a version's.
 * @param day such as 2026-03-31
 * @throws {Error} where nothing is unreleased, or the version is in it already
 */
export function withRelease(changelog: string, version: string, day: string): string {
  if (notesOf(changelog, version) !== undefined) throw new Error(`CHANGELOG.md has ${version} already`);
  const notes = sectionAfter(changelog, UNRELEASED);
  if (notes === undefined || notes === "") throw new Error("CHANGELOG.md has nothing below [Unreleased]");
  return changelog.replace(UNRELEASED, () => `${UNRELEASED}\n\n${heading(version)} - ${day}`);
}

/** What the changelog says of a version; undefined where it does not have it. */
export const notesOf = (changelog: string, version: string): string | undefined =>
  sectionAfter(changelog, heading(version));

function sectionAfter(changelog: string, start: string): string | undefined {
  const lines = changelog.split("\n");
  const first = lines.findIndex((line) => line === start || line.startsWith(`${start} `));
  if (first === -1) return undefined;
  const length = lines.slice(first + 1).findIndex((line) => line.startsWith("## "));
  return lines
    .slice(first + 1, length === -1 ? undefined : first + 1 + length)
    .join("\n")
    .trim();
}
