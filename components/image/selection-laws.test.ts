import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imagePolicy } from "./policy.ts";
import { selectFrom } from "./selection.ts";
import { parseTag } from "./tag-grammar.ts";

const NOW = Date.UTC(2022, 9, 20);
const digest = (seed: number) => `sha256:${seed.toString(16).padStart(64, "0")}`;

const tagText = fc.oneof(
  fc
    .tuple(fc.integer({ min: 2020, max: 2022 }), fc.integer({ min: 1, max: 60 }))
    .map(([y, w]) => `w_${y}_${w}`),
  fc.tuple(fc.nat(3), fc.nat(3)).map(([a, b]) => `r${a}_${b}_0`),
  fc.tuple(fc.nat(3), fc.nat(12)).map(([a, b]) => `r${a}_0_0_rc${b}`),
  fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
    .map(([m, d]) => `d_2022_${m}_${d}_c0045.001`),
  fc.constantFrom("exp_a", "latest", "w_2022_1-amd64", "x-arm64"),
);
const repository = fc
  .array(fc.tuple(tagText, fc.nat(12)), { maxLength: 40 })
  .chain((entries) =>
    fc
      .nat(12)
      .map(
        (target) => new Map([...entries, ["recommended", target] as const].map(([t, d]) => [t, digest(d)])),
      ),
  );
const policies = fc.record({
  releases: fc.nat(3),
  weeklies: fc.nat(3),
  dailies: fc.nat(3),
  candidates: fc.nat(2),
});

describe("laws", () => {
  it("one pull for a digest, the alias's target always in both, nothing of one architecture", () => {
    fc.assert(
      fc.property(repository, policies, (tags, input) => {
        const { prepull, menu } = selectFrom(
          tags,
          imagePolicy.parse({ ...input, recommended: "recommended" }),
          NOW,
        );
        const pulled = prepull.map((image) => image.digest);
        expect(new Set(pulled).size).toBe(pulled.length);
        expect(new Set(menu.map((entry) => entry.digest))).toEqual(new Set(pulled));
        expect(menu[0]).toMatchObject({ tag: "recommended", digest: tags.get("recommended") });
        for (const { tag, digest: own } of [...prepull, ...menu]) {
          expect(tags.get(tag)).toBe(own);
          expect(parseTag(tag).arch).toBeUndefined();
        }
      }),
    );
  });

  it("the order in which a registry lists tags changes nothing", () => {
    fc.assert(
      fc.property(repository, policies, (tags, input) => {
        const policy = imagePolicy.parse(input);
        expect(selectFrom(new Map([...tags].reverse()), policy, NOW)).toEqual(selectFrom(tags, policy, NOW));
      }),
    );
  });
});
