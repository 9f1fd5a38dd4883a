import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTag } from "../tags/tag-grammar.ts";
import { type ImagePolicyInput, imagePolicy } from "./policy.ts";
import { selectFrom } from "./selection.ts";

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
  fc.constantFrom("exp_a", "latest", "latest_weekly", "stable", "w_2022_1-amd64", "x-arm64"),
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
const counts = fc.record({
  releases: fc.nat(3),
  weeklies: fc.nat(3),
  dailies: fc.nat(3),
  candidates: fc.nat(2),
});

/** A policy that a repository can fulfil: it names tags that are there, dated ones and aliases. */
function policiesOf(tags: ReadonlyMap<string, string>): fc.Arbitrary<ImagePolicyInput> {
  const parsed = [...tags.keys()].map(parseTag);
  const general = parsed.filter(({ arch }) => arch === undefined).map(({ text }) => text);
  const hasCycle = parsed.some(({ kind, cycle }) => kind === "daily" && cycle === 45);
  return fc
    .tuple(
      counts,
      fc.option(fc.constantFrom(...general), { nil: undefined }),
      fc.uniqueArray(fc.constantFrom(...general), { maxLength: 4 }),
      hasCycle ? fc.constantFrom(undefined, 45) : fc.constant(undefined),
      fc.constantFrom(undefined, "1d", "30d", "60w"),
    )
    .map(([rules, recommended, pin, cycle, maximumAge]) => ({
      ...rules,
      pin,
      recommended,
      cycle,
      maximumAge,
    }));
}

const cases = repository.chain((tags) => fc.tuple(fc.constant(tags), policiesOf(tags)));

describe("laws", () => {
  it("one pull for a digest, what is recommended and pinned always in both, nothing of one architecture", () => {
    fc.assert(
      fc.property(cases, ([tags, input]) => {
        const { prepull, menu, recommended } = selectFrom(tags, imagePolicy.parse(input), NOW);
        const pulled = prepull.map((image) => image.digest);
        const offered = new Set(menu.map((entry) => entry.digest));
        expect(new Set(pulled).size).toBe(pulled.length);
        expect(offered).toEqual(new Set(pulled));
        const head = input.recommended ?? "recommended";
        expect(menu[0]).toMatchObject({ tag: head, digest: tags.get(head) });
        expect(recommended).toEqual({ tag: head, digest: tags.get(head) });
        for (const pin of input.pin ?? []) expect(offered).toContain(tags.get(pin));
        for (const { tag, digest: own } of [...prepull, ...menu]) {
          expect(tags.get(tag)).toBe(own);
          expect(parseTag(tag).arch).toBeUndefined();
        }
        const choices = menu.map(({ name, digest: own }) => `${name} ${own}`);
        expect(choices.filter((choice) => choice === choices[0])).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });

  it("the order in which a registry lists tags changes nothing", () => {
    fc.assert(
      fc.property(cases, ([tags, input]) => {
        const policy = imagePolicy.parse(input);
        expect(selectFrom(new Map([...tags].reverse()), policy, NOW)).toEqual(selectFrom(tags, policy, NOW));
      }),
    );
  });
});
