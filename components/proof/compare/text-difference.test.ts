import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textDifference } from "./text-difference.ts";

const EXACT = { relative: 0, absolute: 0 };
const tolerance = fc.record({
  relative: fc.double({ min: 0, max: 1, noNaN: true }),
  absolute: fc.double({ min: 0, max: 1e6, noNaN: true }),
});
/** Texts with many numbers, as results have them. */
const text = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.integer().map(String),
      fc.constantFrom(" ", "\n", "[", "]", "e5", "+", "-", ".", "\r"),
    ),
  )
  .map((parts) => parts.join(""));

describe("texts of outputs", () => {
  it("are the same as themselves", () => {
    fc.assert(fc.property(text, tolerance, (one, within) => textDifference(one, one, within) === undefined));
    // The same text, read again: not only because the two strings are equal.
    fc.assert(fc.property(text, (one) => textDifference(one, `${one}\n`, EXACT) === undefined));
  });

  it("are the same in either direction", () => {
    fc.assert(
      fc.property(text, text, tolerance, (one, other, within) => {
        const [there, back] = [textDifference(one, other, within), textDifference(other, one, within)];
        expect(there === undefined).toBe(back === undefined);
      }),
    );
  });

  it("that are the same within a tolerance are so within every larger one", () => {
    const shifted = fc.tuple(
      fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 })),
      fc.double({ noNaN: true, min: -1, max: 1 }),
    );
    fc.assert(
      fc.property(shifted, tolerance, tolerance, ([numbers, shift], one, other) => {
        const before = numbers.join(" ");
        const now = numbers.map((number) => number + shift).join(" ");
        const larger = {
          relative: Math.max(one.relative, other.relative),
          absolute: Math.max(one.absolute, other.absolute),
        };
        if (textDifference(before, now, one) === undefined)
          expect(textDifference(before, now, larger)).toBeUndefined();
      }),
    );
  });

  it.each([
    ["whitespace", "[[1.  2.]\n [3. 4.]]", "[[1. 2.] [3. 4.]]\n"],
    [
      "memory addresses",
      "<Circuit at 0x7f3a2c1b0d90>",
      "<Circuit object at 0x104f2ab10>".replace(" object", ""),
    ],
    [
      "the times of %time",
      "CPU times: user 3.1 ms, sys: 0 ns, total: 3.1 ms\nWall time: 3.2 ms",
      "CPU times: user 1.2 s, sys: 12 µs, total: 1.2 s\nWall time: 2min",
    ],
    ["dates and hours", "run 2026-11-30 12:00:01.5", "run 2026-12-01T09:30:00Z"],
    ["what a progress bar wrote over", " 10%|#   |\r 50%|##  |\rdone", " 90%|### |\rdone"],
    ["the files of cells", "/tmp/ipykernel_311/9871.py:1", "/tmp/ipykernel_8/1.py:1"],
    ["the notation of numbers", "0.50 1e-3 1", "5e-1 0.001 1.0"],
  ])("differ in nothing where only %s do", (_, expected, actual) => {
    expect(textDifference(expected, actual, EXACT)).toBeUndefined();
    expect(textDifference(actual, expected, EXACT)).toBeUndefined();
  });

  it.each([
    ["a number", "energy -1.137", "energy -1.138"],
    ["a sign", "phase 0.5", "phase -0.5"],
    ["a word", "converged", "diverged"],
    ["a version, which is no number", "qiskit 1.2.3", "qiskit 1.2.4"],
    ["a name with digits in it", "qubit_10", "qubit_11"],
    ["a unit that is no time", "5 GHz", "5 MHz"],
    ["what one has more", "1 2 3", "1 2"],
  ])("differ in %s", (_, expected, actual) => {
    expect(textDifference(expected, actual, EXACT)).toBeDefined();
    expect(textDifference(actual, expected, EXACT)).toBeDefined();
  });

  it("may differ in numbers by a share of them, or by an amount near zero", () => {
    const energies = ["[-1.13728, 0.70710678+0.j, 1e-17]", "[-1.13729, 0.70710701+0.j, -3e-16]"] as const;
    expect(textDifference(...energies, { relative: 1e-4, absolute: 1e-9 })).toBeUndefined();
    expect(textDifference(...energies, { relative: 1e-4, absolute: 0 })).toBeDefined();
    expect(textDifference(...energies, { relative: 1e-7, absolute: 1e-9 })).toBeDefined();
    expect(textDifference("version 1.2.3", "version 1.2.4", { relative: 1, absolute: 10 })).toBeDefined();
  });

  it("are shown with the line that differs", () => {
    const expected = `first\nenergy: -1.1\n${"x".repeat(500)}`;
    expect(textDifference(expected, "first\nenergy: -1.2\n", EXACT)).toEqual({
      expected: '"energy: -1.1"',
      actual: '"energy: -1.2"',
    });
    expect(textDifference("a\nb", "a", EXACT)).toEqual({ expected: '"b"', actual: "nothing more" });
    expect(textDifference("y".repeat(5000), "z".repeat(5000), EXACT)?.actual.length).toBeLessThan(120);
  });
});
