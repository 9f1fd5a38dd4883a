import dockerignore from "@balena/dockerignore";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ignoreRules } from "./dockerignore.ts";

const name = fc.constantFrom("a", "b", "ab", "a.b", "data", "x1", ".env");
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
// Not `**` beside other characters: there the library knows no folders above a path, and BuildKit does.
const segment = fc.oneof(
  { weight: 3, arbitrary: name },
  fc.constantFrom("*", "**", "?", "a*", "*.b", "[a-c]", "[^a]*", "\\a", "x?", "."),
);
const pattern = fc
  .tuple(
    fc.constantFrom("", "", "!", "! ", "/", " "),
    fc.array(segment, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("", "", "/", " ", "/**"),
  )
  .map(([before, segments, after]) => `${before}${segments.join("/")}${after}`);
const line = fc.oneof(
  { weight: 6, arbitrary: pattern },
  fc.constantFrom("", "#a", " # a", "  ", "**", "*", "!**/a"),
);

test("decides as the library that ports Docker's own matcher does", () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), fc.array(path, { minLength: 1 }), (lines, paths) => {
      const text = lines.join("\n");
      const theirs = dockerignore.default({ ignorecase: false }).add(text);
      const isIgnored = ignoreRules(text);
      for (const one of paths)
        expect(isIgnored(one), `${one} by ${JSON.stringify(text)}`).toBe(theirs.ignores(one));
    }),
    { numRuns: 3000 },
  );
});
