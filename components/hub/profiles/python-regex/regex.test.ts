import { describe, expect, it } from "vitest";
import { regexFault } from "./regex.ts";

describe("what Python's re accepts", () => {
  it.each([
    "^(?P<name>campus)/.+:(?P=name)$",
    "(?i)ghcr\\.io/.+",
    "(?aix-s:a b # c\n)",
    "(?-i:a)",
    "a{,3}b{2,}c{d}{",
    "a++b*?c??",
    "(?>a+)b",
    "(a)?(?(1)b|c)",
    "(?P<n>a)(?(n)b)",
    "[]a][^]a][a-]",
    "[\\d\\-z]",
    "[[a]]",
    "(?<=ab|cd)e",
    "(?#comment)a",
    "\\Aa\\Z",
    "\\N{DIGIT ONE}",
    "\\x41\\u0041\\U00000041\\060",
    "()*",
    "a|",
  ])("%s", (pattern) => {
    expect(regexFault(pattern)).toBeUndefined();
  });
});

describe("what Python's re refuses", () => {
  it.each([
    ["(?<name>a)", "unknown extension ?<n"],
    ["\\k<name>", "bad escape \\k"],
    ["\\p{L}", "bad escape \\p"],
    ["\\z", "bad escape \\z"],
    ["\\cA", "bad escape \\c"],
    ["(a", "missing ), unterminated subpattern"],
    ["a)", "unbalanced parenthesis"],
    ["*a", "nothing to repeat"],
    ["^*", "nothing to repeat"],
    ["a**", "multiple repeat"],
    ["a{3,2}", "min repeat greater than max repeat"],
    ["[z-a]", "bad character range"],
    ["[\\d-z]", "bad character range"],
    ["[a", "unterminated character set"],
    ["[]", "unterminated character set"],
    ["\\1", "invalid group reference 1"],
    ["(a\\1)", "cannot refer to an open group"],
    ["(?P=n)", "unknown group name n"],
    ["(?P<n>a)(?P<n>b)", "redefinition of group name n"],
    ["(?P<1>a)", 'bad character in group name "1"'],
    ["(?<=a+)b", "look-behind requires fixed-width pattern"],
    ["a(?i)", "global flags not at the start of the expression"],
    ["(?L)a", "cannot use 'L' flag with a str pattern"],
    ["(?au)a", "flags 'a' and 'u' are incompatible"],
    ["(?(2)a)", "invalid group reference 2"],
    ["(?(0)a)", "bad group number"],
    ["(?y)", "unknown extension ?y"],
    ["\\x4", "incomplete escape \\x4"],
    ["\\", "bad escape (end of pattern)"],
    ["[\\400]", "octal escape value \\400 outside of range 0-0o377"],
  ])("%s", (pattern, reason) => {
    expect(regexFault(pattern)).toBe(reason);
  });
});
