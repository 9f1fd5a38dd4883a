import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SECRET_KEYS } from "../../stacks/config.ts";

const REPOSITORY = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(REPOSITORY, path), "utf8");

/** What the workflows take from GitHub's secrets. */
const ofWorkflows = () => {
  const files = globSync("{.,templates/institution}/.github/workflows/*.yml", { cwd: REPOSITORY });
  return files.flatMap((file) => [...read(file).matchAll(/secrets\.(\w+)/g)].map(([, name = ""]) => name));
};

describe.each([
  ["is explained to who sets it up", "docs/start/platform-engineer.md"],
  ["can be rotated", "docs/operations/backup-and-secrets.md"],
])("a secret %s", (_, page) => {
  it.each(SECRET_KEYS)("of a stack: lectern:%s", (key) => {
    expect(read(page)).toMatch(new RegExp(`^\\|.*\\blectern:${key}\\b`, "m"));
  });

  it.each([...new Set(ofWorkflows())])("of GitHub: %s", (name) => {
    expect(read(page)).toMatch(new RegExp(`^\\|.*\\b${name}\\b`, "m"));
  });
});
