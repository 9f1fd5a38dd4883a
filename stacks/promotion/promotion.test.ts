import { describe, expect, it } from "vitest";
import { reasonToHold } from "./promotion.ts";

describe("reasonToHold", () => {
  it("lets through what staging has processed, byte for byte", () => {
    expect(reasonToHold("sha256:a", "sha256:a")).toBeUndefined();
  });

  it.each([
    ["staging has never seen it", undefined, /not deployed it yet/],
    ["staging has it in work or failed", "", /not processed it yet/],
    ["staging has other content", "sha256:b", /other content/],
  ])("holds where %s", (_, processed, reason) => {
    expect(reasonToHold(processed, "sha256:a")).toMatch(reason);
  });

  it("leaves content that can't be read to the check, which says everything that is wrong", () => {
    expect(reasonToHold(undefined, "")).toBeUndefined();
  });
});
