import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { notesOf, withRelease } from "./changelog.ts";

const CHANGELOG = `# Changelog
What users notice.

## [Unreleased]
### Added
- A thing.

## [0.1.0] - 2026-01-02
- The first version.
`;

it("makes what is unreleased a version's, and leaves room for what comes", () => {
  const released = withRelease(CHANGELOG, "0.2.0", "2026-03-31");
  expect(released).toContain("## [Unreleased]\n\n## [0.2.0] - 2026-03-31\n### Added\n- A thing.\n");
  expect(notesOf(released, "0.2.0")).toBe("### Added\n- A thing.");
  expect(notesOf(released, "0.1.0")).toBe("- The first version.");
  expect(notesOf(released, "0.3.0")).toBeUndefined();
});

it("refuses a version that nothing was written about, and one that exists", () => {
  const released = withRelease(CHANGELOG, "0.2.0", "2026-03-31");
  expect(() => withRelease(released, "0.3.0", "2026-04-01")).toThrow(/nothing below \[Unreleased\]/);
  expect(() => withRelease(CHANGELOG, "0.1.0", "2026-04-01")).toThrow(/0\.1\.0 already/);
});

it("reads the project's own changelog", () => {
  const own = readFileSync(join(import.meta.dirname, "../CHANGELOG.md"), "utf8");
  expect(notesOf(withRelease(own, "99.0.0", "2026-03-31"), "99.0.0")).toBeDefined();
});
