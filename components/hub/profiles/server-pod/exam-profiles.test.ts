import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isObject, type JsonObject } from "../../../json.ts";
import { examProfiles } from "./exam-profiles.ts";

const profile = (slug: string, override: JsonObject = {}, more: JsonObject = {}) => ({
  display_name: slug,
  slug,
  kubespawner_override: override,
  ...more,
});

describe("the profiles of an exam", () => {
  const small = profile("small", { mem_limit: "2G", mem_guarantee: "512M", cpu_limit: 1 }, { default: true });
  const large = profile("large", { mem_limit: "16G", cpu_guarantee: 0.5 });

  it("are those that are named, with all that they may take guaranteed, and one of them the default", () => {
    expect(examProfiles([small, large], ["large"])).toEqual({
      list: [
        {
          ...large,
          default: true,
          kubespawner_override: { mem_limit: "16G", mem_guarantee: "16G", cpu_guarantee: 0.5 },
        },
      ],
      missing: [],
    });
  });

  it("take the hub's limits where they have none", () => {
    const { list } = examProfiles([profile("plain")], ["plain"], { mem_limit: "1G", cpu_limit: null });
    expect(list[0]?.["kubespawner_override"]).toEqual({ mem_guarantee: "1G" });
  });

  it("guarantee also what a choice of theirs may take", () => {
    const size = {
      choices: {
        more: { display_name: "More", kubespawner_override: { mem_limit: "4G", mem_guarantee: "1G" } },
        image: { display_name: "Image", kubespawner_override: { image: "a" } },
      },
    };
    const { list } = examProfiles([profile("p", { cpu_limit: 2 }, { profile_options: { size } })], ["p"]);
    expect(list[0]?.["profile_options"]).toMatchObject({
      size: {
        choices: {
          more: { kubespawner_override: { mem_limit: "4G", mem_guarantee: "4G", cpu_guarantee: 2 } },
          image: { kubespawner_override: { image: "a" } },
        },
      },
    });
  });

  it("names those that the hub has not", () => {
    expect(examProfiles([small], ["smal"])).toEqual({ list: [], missing: ["smal"] });
  });

  const amount = fc.constantFrom("1G", "2G", 1, 2);
  const settings = fc.record(
    {
      mem_limit: amount,
      mem_guarantee: amount,
      cpu_limit: amount,
      cpu_guarantee: amount,
      image: fc.string(),
    },
    { requiredKeys: [] },
  );
  const slugs = fc.constantFrom("a", "b", "c", "d");
  const profiles = fc.uniqueArray(
    fc.record({ slug: slugs, override: settings, choice: settings }).map(({ slug, override, choice }) =>
      profile(slug, override, {
        profile_options: { size: { choices: { one: { kubespawner_override: choice } } } },
      }),
    ),
    { selector: ({ slug }) => slug },
  );

  it("never guarantee less than the limit, keep everything else, and stay the same when applied again", () => {
    fc.assert(
      fc.property(profiles, fc.uniqueArray(slugs), settings, (list, offered, limits) => {
        const once = examProfiles(list, offered, limits);
        expect(examProfiles(once.list, offered, limits).list).toEqual(once.list);
        expect(once.list.map(({ slug }) => slug)).toEqual(
          list.map(({ slug }) => slug).filter((slug) => new Set<string>(offered).has(slug)),
        );
        for (const one of once.list) {
          const override = one["kubespawner_override"];
          if (!isObject(override)) throw new Error("a profile lost its settings");
          for (const kind of ["mem", "cpu"]) {
            const limit = override[`${kind}_limit`] ?? limits[`${kind}_limit` as "mem_limit"];
            if (limit !== undefined) expect(override[`${kind}_guarantee`]).toBe(limit);
          }
        }
      }),
    );
  });
});
