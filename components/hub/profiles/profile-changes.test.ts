import { expect, it } from "vitest";
import { offerChanges } from "./profile-changes.ts";

const offer = (profiles: Readonly<Record<string, string>>, recommended = {}) => ({
  profiles: Object.entries(profiles).map(([slug, display_name]) => ({ slug, display_name })),
  recommended,
});

it("users notice profiles that come, go and are renamed, and another recommended image", () => {
  const before = offer({ a: "Standard", b: "Large" }, { science: "w_2026_10", gpu: "w_2026_10" });
  const after = offer({ a: "Small", c: "GPU" }, { science: "w_2026_11", gpu: "w_2026_10" });
  expect(offerChanges(before, after)).toEqual([
    "The profile GPU is new",
    "The profile Large is no longer offered",
    "The profile Standard is now called Small",
    "The recommended image of science is now w_2026_11; it was w_2026_10",
  ]);
});

it("users notice nothing of what stays, and of an image that is recommended for the first time", () => {
  const same = offer({ a: "Standard" }, { science: "w_2026_10" });
  expect(offerChanges(same, same)).toEqual([]);
  expect(offerChanges(offer({ a: "Standard" }), same)).toEqual([]);
});
