import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../api/json.ts";
import {
  addedChoice,
  addedOption,
  copiedChoice,
  copiedOption,
  defaultChoice,
  movedChoice,
  movedOption,
  objectAt,
  withDefaultChoice,
} from "./options.ts";
import { bareKeys, movedKey, shownKeys, withOrder } from "./ordered-keys.ts";

const LARGE = { display_name: "64 GB", "x-ours": 1, kubespawner_override: { mem_limit: "64G" } };
const PROFILE: JsonObject = {
  display_name: "Large",
  profile_options: {
    memory: {
      display_name: "Memory",
      unlisted_choice: { enabled: false },
      choices: { "16g": { display_name: "16 GB" }, "64g": LARGE },
    },
  },
};
const choices = (profile: JsonObject) => objectAt(profile, ["profile_options", "memory", "choices"]);
const names = (object: JsonObject) => shownKeys(object).map((key) => objectAt(object, [key])["display_name"]);

describe("options", () => {
  it("are added with one choice, which is the default", () => {
    const options = objectAt(addedOption({ display_name: "A" }, "New option", "New choice"), [
      "profile_options",
    ]);
    expect(options).toEqual({
      "new-option": {
        display_name: "New option",
        choices: { "new-choice": { display_name: "New choice", default: true } },
      },
    });
  });

  it("are copied with all that they have", () => {
    const options = objectAt(copiedOption(PROFILE, "memory", "Memory (copy)"), ["profile_options"]);
    expect(options["memory-2"]).toEqual({ ...objectAt(options, ["memory"]), display_name: "Memory (copy)" });
    expect(names(options)).toEqual(["Memory", "Memory (copy)"]);
  });

  it("are moved around those that images and node groups bring along, whose keys stay", () => {
    const three = { display_name: "A", profile_options: { cpu: {}, image: {}, node_group: {} } };
    const once = movedOption(three, "cpu", 1);
    expect(shownKeys(objectAt(once, ["profile_options"]))).toEqual(["image", "ma-cpu", "node_group"]);
    const twice = movedOption(once, "ma-cpu", 1);
    expect(shownKeys(objectAt(twice, ["profile_options"]))).toEqual(["image", "node_group", "za-cpu"]);
    expect(movedOption(twice, "image", 1)).toBe(twice);
  });
});

describe("choices", () => {
  it("are added and copied, and a copy is not the default", () => {
    const withDefault = withDefaultChoice(PROFILE, "memory", "64g");
    const after = copiedChoice(addedChoice(withDefault, "memory", "New"), "memory", "64g", "64 GB (copy)");
    expect(names(choices(after))).toEqual(["16 GB", "64 GB", "64 GB (copy)", "New"]);
    expect(choices(after)["64g-2"]).toEqual({ ...LARGE, display_name: "64 GB (copy)" });
  });

  it("are moved by other keys, and the default stays who it was", () => {
    const after = movedChoice(PROFILE, "memory", "64g", -1);
    expect(names(choices(after))).toEqual(["64 GB", "16 GB"]);
    expect(defaultChoice(objectAt(after, ["profile_options", "memory"]))).toBe("ab-16g");
    expect(choices(after)["aa-64g"]).toEqual(LARGE);
  });

  it("get back the keys that they had when they are moved back", () => {
    const there = movedChoice(withDefaultChoice(PROFILE, "memory", "16g"), "memory", "16g", 1);
    expect(movedChoice(there, "memory", "ab-16g", -1)).toEqual(withDefaultChoice(PROFILE, "memory", "16g"));
  });

  it("of a menu of images have keys that are given", () => {
    const profile = { profile_options: { image: { choices: { a: {}, b: {} } } } };
    expect(movedChoice(profile, "image", "a", 1)).toBe(profile);
  });

  it("that can't be moved leave the profile as it is", () => {
    expect(movedChoice(PROFILE, "memory", "16g", -1)).toBe(PROFILE);
  });

  it("lose nothing but their key, whatever is moved", () => {
    const keys = fc.uniqueArray(fc.stringMatching(/^[a-z0-9_.-]{1,6}$/), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(keys, fc.nat(), fc.constantFrom<-1 | 1>(-1, 1), (some, at, by) => {
        const object = Object.fromEntries(some.map((key) => [key, { display_name: key }]));
        const shown = shownKeys(object);
        const wanted = movedKey(shown, shown[at % shown.length] ?? "", by);
        if (wanted === undefined) return;
        const moved = withOrder(object, wanted) ?? {};
        expect(names(moved)).toEqual(wanted);
        expect(bareKeys(shownKeys(moved))).toHaveLength(some.length);
      }),
    );
  });
});
