import fc from "fast-check";
import { expect, it } from "vitest";
import { projectName } from "./project.ts";

const nameIn = (repository: string) =>
  projectName({ root: "/w", url: `https://github.com/${repository}.git` }, "kernel", "python-dice");

it("names a project after its repository, as two that share a state would undo each other's deployments", () => {
  const names = ["physics/fair-dice", "physics/loaded-dice", "maths/fair-dice"].map(nameIn);
  expect(new Set(names).size).toBe(3);
  expect(nameIn("physics/fair-dice")).toBe(names[0]);
});

it("names every project as Pulumi can", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (root, part) => {
      expect(projectName({ root }, part)).toMatch(/^lectern[a-z0-9._-]{0,93}$/);
    }),
  );
});
