import { describe, expect, test } from "vitest";
import { type QbookOptions, startQbook } from "../../sandbox/services/qbook/qbook.ts";
import { revisions, trialWith } from "./testing/trial-world.ts";

const world = (options: Partial<QbookOptions> = {}, config: Record<string, string> = {}) =>
  trialWith((base) => startQbook({ ...base, ...options }), config);

describe("an update", () => {
  test.each(["html", "malformed", "redirect"] as const)(
    "that is answered with %s is a failure, and the next run sends the content again",
    async (fault) => {
      const { api, trial, up, preview } = await world();
      await up();
      trial.write({ text: "Changed" });
      api.setFault({ on: "replace", fault });
      expect((await up()).error).toContain("PUT /learn/articles/course/");
      api.setFault();
      expect((await preview()).lines.join("\n")).toContain("notebook changed");
      expect((await up()).error).toBeUndefined();
      expect(revisions(api)).toEqual([fault === "html" ? 2 : 3]);
      expect((await up()).calls).toEqual([]);
    },
  );
});
