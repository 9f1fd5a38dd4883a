import fc from "fast-check";
import { expect, it } from "vitest";
import { refuseMassRemoval, unconfirmedIn } from "./removals.ts";

const courses = (count: number) => Array.from({ length: count }, (_, index) => `course/${index + 1}`);

const refused = (
  deployed: readonly string[],
  wanted: readonly string[],
  confirmed: readonly string[] = [],
) => {
  try {
    refuseMassRemoval([{ what: "articles", deployed, wanted }], new Set(confirmed));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

it.each<[string, number, number]>([
  ["the only one", 1, 0],
  ["one of two", 2, 1],
  ["a quarter", 8, 6],
  ["none", 5, 5],
])("lets %s go", (_, before, after) => {
  expect(refused(courses(before), courses(after))).toBeUndefined();
});

it("refuses an empty catalog, and names what it would remove and how to confirm it", () => {
  expect(refused(courses(3), [])).toBe(
    "lectern:confirmRemovals: this deployment would remove 3 of 3 articles, which are no longer in the catalog: " +
      "course/1, course/2, course/3. Restore them, or list those that may go below lectern:confirmRemovals: " +
      '["course/1","course/2","course/3"].',
  );
});

it("refuses a single one of a kind that never goes unasked", () => {
  const one = { what: "menus", deployed: ["profiles/campus"], wanted: [], mayGo: 0 };
  expect(() => refuseMassRemoval([one], new Set())).toThrow(
    /would remove 1 of 1 menus.*\["profiles\/campus"\]/,
  );
  expect(() => refuseMassRemoval([one], new Set(["profiles/campus"]))).not.toThrow();
});

it("says in its text what has to be confirmed, however the IDs are written", () => {
  const id = fc.string({ minLength: 1 }).map((name) => `course/${name}`);
  fc.assert(
    fc.property(fc.uniqueArray(id, { minLength: 2 }), (ids) => {
      expect(unconfirmedIn(`before\n${refused(ids, [])}\nafter`)).toEqual(ids);
    }),
  );
});

it("lets what is confirmed go, and refuses one that is not", () => {
  expect(refused(courses(3), [], courses(3))).toBeUndefined();
  expect(refused(courses(3), [], courses(2))).toContain('lectern:confirmRemovals: ["course/3"]');
});

it("never refuses where nothing is lost, whatever is new", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), fc.array(fc.string()), (deployed, added) => {
      expect(refused(deployed, [...added, ...deployed])).toBeUndefined();
    }),
  );
});
