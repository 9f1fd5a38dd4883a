import fc from "fast-check";
import { expect, test } from "vitest";
import { dockerPattern } from "./docker-pattern.ts";

test.each([
  ["*.txt", "a.txt", true],
  ["*.txt", "b/a.txt", false],
  ["**/*.txt", "a.txt", true],
  ["**/*.txt", "b/c/a.txt", true],
  ["b/**", "b/c/d", true],
  ["b/**", "bc", false],
  ["a**b", "a/c/b", true],
  ["a**b", "acb", false],
  ["a?c", "abc", true],
  ["a?c", "a/c", false],
  ["[a-c]x", "bx", true],
  ["[^a-c]x", "bx", false],
  ["\\*", "*", true],
  ["\\*", "a", false],
  ["a.b", "axb", false],
  ["a+(b)", "a+(b)", true],
  ["[", "[", true],
])("%s on %s: %s", (pattern, path, fits) => {
  expect(dockerPattern(pattern).test(path)).toBe(fits);
});

test("a name with every special character taken as it is fits itself alone", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "grapheme-ascii" }), fc.string(), (name, other) => {
      const pattern = dockerPattern(name.replaceAll(/[\\*?[\]]/g, "\\$&"));
      expect(pattern.test(name)).toBe(true);
      expect(pattern.test(other)).toBe(other === name);
    }),
  );
});
