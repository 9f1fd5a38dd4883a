import fc from "fast-check";
import { expect, it } from "vitest";
import { pullLink } from "./pull-link.ts";

const HUB = "https://hub.example.org";

it("a link pulls the repository and opens the course's folder in it", () => {
  const source = {
    url: "https://github.com/my-organization/teaching.git",
    branch: "main",
    path: "catalog/courses/bell-states",
  };
  expect(pullLink(HUB, source)).toBe(
    "https://hub.example.org/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgithub.com%2Fmy-organization%2Fteaching&branch=main&urlpath=lab%2Ftree%2Fteaching%2Fcatalog%2Fcourses%2Fbell-states",
  );
});

it("a folder at the repository's root, and one that begins with a dot, is named without it", () => {
  const source = { url: "https://github.com/o/teaching/", branch: "main", path: "./courses/a" };
  expect(new URL(pullLink(HUB, source)).searchParams.get("urlpath")).toBe("lab/tree/teaching/courses/a");
});

it("whatever a branch and a folder are called, the hub gets them as they are", () => {
  const part = fc
    .string({ minLength: 1, maxLength: 12, unit: "grapheme" })
    .filter((text) => !/[/.]/.test(text));
  fc.assert(
    fc.property(part, part, (branch, folder) => {
      const source = { url: "https://example.org/teaching", branch, path: `courses/${folder}` };
      const { searchParams } = new URL(pullLink(HUB, source));
      expect(searchParams.get("branch")).toBe(branch);
      expect(searchParams.get("urlpath")).toBe(`lab/tree/teaching/courses/${folder}`);
    }),
  );
});
