import { expect, it } from "vitest";
import { changed, fileOf } from "./rows.ts";
import { RowsByValue } from "./rows-by-value.ts";

const FILE = [{ display_name: "Standard" }, { display_name: "GPU" }];

it("a value that is drawn later than another was made has the rows that it had", () => {
  const known = new RowsByValue();
  const before = known.of(FILE);
  const after = changed(before, before[0]?.id ?? "", () => ({ display_name: "Everyday" }));
  const value = fileOf(after, FILE);
  known.set(value, after);
  expect(known.of(FILE)).toBe(before);
  expect(known.of(value)).toBe(after);
});

it("what was taken back has the same rows, though it is another object", () => {
  const known = new RowsByValue();
  const rows = known.of(FILE);
  expect(known.of(structuredClone(FILE))).toBe(rows);
});

it("another version of the file keeps the IDs of the profiles that it has, too", () => {
  const known = new RowsByValue();
  const rows = known.of(FILE);
  const merged = known.of([{ display_name: "New" }, ...structuredClone(FILE)]);
  expect(merged.slice(1).map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
});

it("a file that is not there has none, each time the same", () => {
  const known = new RowsByValue();
  expect(known.of(null)).toEqual([]);
  expect(known.of(undefined)).toBe(known.of(null));
});
