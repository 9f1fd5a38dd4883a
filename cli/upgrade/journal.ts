import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";

/**
 * What the version that is left tells the one that takes over. The two are different versions of this code, so fields
 * are only ever added, and optional then.
 */
const journal = z.object({
  from: z.string(),
  /** What the previews planned before, by stack, one line per change. */
  before: z.record(z.string(), z.array(z.string())),
  /** Whether other changes than before are allowed. */
  allowChanges: z.boolean(),
});
export type Journal = z.output<typeof journal>;

const fileOf = (root: string) => join(root, ".lectern", "upgrade", "journal.json");

/** The journal of the upgrade that is under way; undefined where there is none. */
export function readJournal(root: string): Journal | undefined {
  const file = fileOf(root);
  return existsSync(file) ? journal.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}

export function writeJournal(root: string, content: Journal): void {
  const file = fileOf(root);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
}
