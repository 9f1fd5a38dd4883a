import fc from "fast-check";
import { expect, it } from "vitest";
import { deploymentsOf, filterDeployments } from "./deployments.ts";
import { anyMap } from "./testing/any-map.ts";

it("the history has the deployments of all stacks, newest first", () => {
  fc.assert(
    fc.property(anyMap, (map) => {
      const all = deploymentsOf(map);
      expect(new Set(all.map(({ deployment }) => deployment))).toEqual(
        new Set(map.stacks.flatMap(({ history }) => history)),
      );
      const times = all.map(({ deployment }) => deployment.at);
      expect(times).toEqual([...times].sort().reverse());
    }),
  );
});

it("words and a stack leave the same of it, whichever is asked first", () => {
  const asked = fc.record({
    stack: fc.constantFrom("", "prod"),
    text: fc.constantFrom("", "A", "update", "none"),
  });
  fc.assert(
    fc.property(anyMap, asked, (map, { stack, text }) => {
      const all = deploymentsOf(map);
      const both = filterDeployments(all, { stack, text });
      expect(filterDeployments(filterDeployments(all, { text }), { stack })).toEqual(both);
      expect(both.every((one) => stack === "" || one.stack === stack)).toBe(true);
    }),
  );
});
