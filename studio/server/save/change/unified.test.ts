import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { unifiedDifference } from "./unified.ts";

const text = fc
  .tuple(fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 25 }), fc.boolean())
  .map(([lines, ends]) => lines.join("\n") + (ends && lines.length > 0 ? "\n" : ""));

it("is a patch that git applies", () => {
  const folder = mkdtempSync(join(tmpdir(), "lectern-unified-"));
  const file = join(folder, "x");
  fc.assert(
    fc.property(text, text, (before, after) => {
      const difference = unifiedDifference(before, after);
      expect(difference === "").toBe(before === after);
      // To git, a patch to or from nothing is one of another kind.
      if (difference === "" || before === "" || after === "") return;
      writeFileSync(file, before);
      const input = `--- a/x\n+++ b/x\n${difference}`;
      execFileSync("git", ["apply", "--unidiff-zero", "-"], { cwd: folder, input });
      expect(readFileSync(file, "utf8")).toBe(after);
    }),
    { numRuns: 60 },
  );
  rmSync(folder, { recursive: true });
});
