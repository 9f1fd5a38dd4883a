import fc from "fast-check";
import { expect, it } from "vitest";
import { changedFiles } from "./changed-files.ts";

it.each([
  ["paths", "catalog/a.yaml\nb c.yaml\n", ["catalog/a.yaml", "b c.yaml"]],
  ["Windows' line ends", "a\r\nb\r\n", ["a", "b"]],
  ["empty lines and repeated paths", "\na\n\na\n", ["a"]],
  ["statuses", "M\ta\nA\tb\nD\tc\nT\td\n", ["a", "b", "c", "d"]],
  ["both sides of a renaming and a copy", "R100\told\tnew\nC75\tfrom\tto\n", ["old", "new", "from", "to"]],
  ["quoted paths", '"caf\\303\\251.md"\nM\t"a\\tb\\n\\"c\\"\\\\d"\n', ["café.md", 'a\tb\n"c"\\d']],
  ["-z", "a\0b\nc\0", ["a", "b\nc"]],
  ["-z with statuses", "M\0a\0R090\0old\0new\0D\0b\0", ["a", "old", "new", "b"]],
  ["a file that is called as a status is", "M\nR100\n", ["M", "R100"]],
  ["a tab that nothing quotes", "Makefile\tx\n", ["Makefile\tx"]],
  ["paths that begin with a dot", "./a/../b\n.github/x\n", ["b", ".github/x"]],
  ["nothing", "", []],
])("reads %s", (_, text, expected) => {
  expect(changedFiles(text)).toEqual(expected);
});

it("reads with -z whatever a path may be", () => {
  const segment = fc
    .string({ minLength: 1, maxLength: 6, unit: "binary" })
    .map((text) => `x${text.replace(/[\0/]/g, "")}`);
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/"));
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 8 }), (paths) => {
      expect(changedFiles(paths.map((one) => `${one}\0`).join(""))).toEqual(paths);
      expect(changedFiles(paths.map((one) => `M\0${one}\0`).join(""))).toEqual(paths);
    }),
  );
});
