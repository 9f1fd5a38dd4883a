import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readProfiles } from "../../hub/profiles/profiles-file.ts";
import type { NodeGroup } from "./node-groups.ts";
import { loadNodeGroups, removeNodeGroups } from "./node-groups-load.ts";

const group = (slug: string, selector: Record<string, string> = { pool: slug }): NodeGroup => ({
  slug,
  display_name: slug.toUpperCase(),
  node_selector: selector,
});

describe("loading", () => {
  const groups = fc
    .uniqueArray(fc.constantFrom("a", "b", "c", "d"))
    .chain((slugs) =>
      fc.tuple(...slugs.map((slug) => fc.constantFrom("x", "y").map((v) => group(slug, { pool: v })))),
    )
    .map((all) => [...all]);

  it("is idempotent, and removes nothing", () => {
    fc.assert(
      fc.property(groups, groups, (existing, file) => {
        const once = loadNodeGroups(existing, file);
        const again = loadNodeGroups(once.groups, file);
        expect(again.groups).toEqual(once.groups);
        expect(again.changes.filter(({ change }) => change !== "unchanged")).toEqual([]);
        const slugs = new Set(once.groups.map(({ slug }) => slug));
        for (const { slug } of [...existing, ...file]) expect(slugs).toContain(slug);
        for (const own of file) expect(once.groups).toContainEqual(own);
      }),
    );
  });

  it("two groups may swap their selectors", () => {
    const before = [group("a", { pool: "x" }), group("b", { pool: "y" })];
    const after = [group("a", { pool: "y" }), group("b", { pool: "x" })];
    const changed = { change: "changed", fields: ["node_selector"] };
    expect(loadNodeGroups(before, after)).toEqual({
      groups: after,
      changes: [
        { slug: "a", ...changed },
        { slug: "b", ...changed },
      ],
    });
  });

  it("names each field that differs, also one that came or went; the order of keys is no change", () => {
    const old = { ...group("a", { pool: "x", zone: "z" }), tolerations: [] };
    expect(loadNodeGroups([old], [group("a", { zone: "z", pool: "x" })]).changes[0]?.fields).toEqual([
      "tolerations",
    ]);
    const same = group("a", { zone: "z", pool: "x" });
    expect(loadNodeGroups([same], [group("a", { pool: "x", zone: "z" })]).changes).toEqual([
      { slug: "a", change: "unchanged" },
    ]);
  });
});

describe("removing", () => {
  const all = [group("cpu"), group("gpu")];

  it("a group that a profile uses stays, and the file and the profile are named", () => {
    const profiles = readProfiles(
      "- {display_name: Plain, node_groups: gpu}\n- display_name: Deep learning\n  node_groups: [cpu, gpu]\n",
      "campus/profiles.yaml",
    );
    expect(() => removeNodeGroups(all, ["gpu"], profiles)).toThrow(
      [
        'campus/profiles.yaml:1:38 [0].node_groups: the profile "Plain" still uses the node group "gpu". Move the profile to another node group first.',
        'campus/profiles.yaml:3:22 [1].node_groups[1]: the profile "Deep learning" still uses the node group "gpu". Move the profile to another node group first.',
      ].join("\n"),
    );
  });

  it("a group that no profile uses is removed", () => {
    const profiles = readProfiles("- display_name: Lab\n  node_groups: gpu\n", "profiles.yaml");
    expect(removeNodeGroups(all, ["cpu"], profiles)).toEqual([group("gpu")]);
    expect(removeNodeGroups(all, ["cpu"], undefined)).toEqual([group("gpu")]);
  });

  it("an unknown group is reported", () => {
    expect(() => removeNodeGroups(all, ["gpus"], undefined)).toThrow(/unknown node group "gpus".*mean "gpu"/);
  });
});
