import { expect, it } from "vitest";
import type { ValueChange } from "./hub-changes.ts";
import { valueLines } from "./value-lines.ts";

const list = "singleuser.profileList";
const choice = (profile: string, name: string) => `${list}[${profile}].profile_options.image.choices.${name}`;
const changed = (path: string, before?: string, after?: string): ValueChange => ({
  path,
  change: "changed",
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
});
const recommended = (profile: string) => [
  changed(`${choice(profile, "recommended")}.display_name`, "Recommended (W 1)", "Recommended (W 2)"),
  changed(`${choice(profile, "recommended")}.kubespawner_override.image`),
];

it("says which image is recommended, once for the profiles that offer it", () => {
  expect(valueLines([...recommended("standard"), ...recommended("large"), changed("a.b", "1", "2")])).toEqual(
    ["profiles standard, large: image Recommended: W 1 → W 2", "values: a.b 1 → 2"],
  );
});

it("names a choice that comes or goes", () => {
  const gone: ValueChange[] = ["display_name", "kubespawner_override.image"].map((field) => ({
    path: `${choice("gpu", "w_1")}.${field}`,
    change: "removed",
    ...(field === "display_name" ? { before: "W 1" } : {}),
  }));
  const come = gone.map(({ path, before }): ValueChange => {
    const after = before === undefined ? {} : { after: "W 3" };
    return { path: path.replace("w_1", "w_3"), change: "added", ...after };
  });
  expect(valueLines([...recommended("gpu"), ...gone, ...come])).toEqual([
    "profile gpu: image Recommended: W 1 → W 2, image -W 1, image +W 3",
  ]);
});

it("names what a profile or a choice sets", () => {
  expect(
    valueLines([
      changed(`${list}[standard].kubespawner_override.mem_limit`, "4G", "8G"),
      changed(
        `${list}[standard].profile_options.memory.choices.64g.kubespawner_override.mem_limit`,
        "64G",
        "60G",
      ),
      changed(`${choice("standard", "pin")}.kubespawner_override.image`),
    ]),
  ).toEqual(["profile standard: mem_limit 4G → 8G, memory 64g mem_limit 64G → 60G, image pin image changed"]);
});

it("lists the first of many", () => {
  expect(valueLines(Array.from({ length: 8 }, (_, index) => changed(`key${index}`)))[0]).toMatch(
    /key5 changed and 2 more$/,
  );
});
