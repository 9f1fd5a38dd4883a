import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { quote } from "./quote.ts";

const argument = fc
  .oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(..."'\"\\$`!~*?[]{}()<>|&;#=%\n\t -") }),
  )
  .filter((text) => !text.includes("\0") && text.isWellFormed());

// It starts 200 shells.
test("a shell makes of the line exactly the arguments that went in", () => {
  fc.assert(
    fc.property(fc.array(argument, { minLength: 1, maxLength: 6 }), (args) => {
      const line = quote(["printf", "%s\\0", ...args]);
      const output = execFileSync("/bin/sh", ["-c", line], { encoding: "utf8" });
      expect(output.split("\0").slice(0, -1)).toEqual(args);
    }),
    { numRuns: 200 },
  );
});

test("a program's name is never an assignment, a keyword or an option of the shell", () => {
  for (const name of ["A=1", "if", "-c", "~", "true;", ""]) {
    const line = `${quote([name])} 2>/dev/null; echo $?`;
    expect(execFileSync("/bin/sh", ["-c", line], { encoding: "utf8" }).trim(), name).toMatch(/^12[67]$/);
  }
});

test("what no program can be given is refused", () => {
  expect(() => quote(["echo", "a\0b"])).toThrow(RangeError);
  expect(() => quote(["echo", "\ud800"])).toThrow(RangeError);
});
