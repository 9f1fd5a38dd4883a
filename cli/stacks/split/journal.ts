import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";

const journal = z.object({
  source: z.string(),
  target: z.string(),
  /** Whether the target's stack was made for this. */
  created: z.boolean(),
  /** The text of each stack's file before; null where there was none. */
  files: z.record(z.string(), z.string().nullable()),
  /** What `pulumi stack export` printed before, by stack; secrets are encrypted in it. */
  states: z.record(z.string(), z.string()),
});

/** What a split has to restore where it does not succeed; it is there while one is under way. */
export type Journal = z.output<typeof journal>;

const fileOf = (root: string, target: string) => join(root, ".lectern", "split", `${target}.json`);

/** The journal of a split that was interrupted. */
export function readJournal(root: string, target: string): Journal | undefined {
  const file = fileOf(root, target);
  return existsSync(file) ? journal.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}

export function writeJournal(root: string, kept: Journal): void {
  const file = fileOf(root, kept.target);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(kept), { mode: 0o600, flush: true });
}

export function removeJournal(root: string, target: string): void {
  rmSync(fileOf(root, target), { force: true });
}
