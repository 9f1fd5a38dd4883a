import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";

/** What the commands that a test calls have printed: each write to a stream, and each line of the console. */
export interface Printed {
  readonly out: string[];
  readonly err: string[];
}

/** Captures what each test of a file or `describe` prints. */
export function capturePrinted(): Printed {
  const printed: Printed = { out: [], err: [] };
  beforeEach(() => {
    const { out, err } = printed;
    out.length = 0;
    err.length = 0;
    vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
    vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0);
    vi.spyOn(console, "log").mockImplementation((line: string) => void out.push(line));
    vi.spyOn(console, "error").mockImplementation((line: string) => void err.push(line));
  });
  afterEach(() => void vi.restoreAllMocks());
  return printed;
}

/** @returns a temporary folder, which is empty at the start of each test of a file or `describe` */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `lectern-${name}-`));
  beforeEach(() => void mkdirSync(folder, { recursive: true }));
  afterEach(() => rmSync(folder, { recursive: true }));
  return folder;
}
