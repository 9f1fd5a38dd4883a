import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { formatProblem, LecternError } from "../../../problem/problem.ts";
import { renderProfileList } from "../profile-list.ts";
import { readProfiles } from "../profiles-file.ts";
import type { ImageMenu } from "./profile-images.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const weekly = (week: number, digit: string) => ({
  name: `Weekly 2026_${week}`,
  tag: `w_2026_${week}`,
  digest: digest(digit),
});

/** The menu of a policy that recommends the first of some weeklies. */
function recommending(tag: string, ...rest: ReturnType<typeof weekly>[]): ImageMenu {
  const head = { name: `Recommended (${tag})`, tag, digest: digest("1") };
  return {
    repository: "ghcr.io/campus/lab",
    menu: [head, ...rest],
    prepull: [head, ...rest],
    recommended: head,
    alias: "recommended",
  };
}

function optionsOf(images: unknown, menus: Record<string, ImageMenu>) {
  const file = readProfiles(stringify([{ display_name: "P", images }]), "p.yaml");
  const [rendered] = renderProfileList(file, { nodeGroups: [], menus });
  const choices = (rendered?.profile.profile_options?.["image"]?.["choices"] ?? {}) as Record<
    string,
    { display_name: string; kubespawner_override: { image: string } }
  >;
  return Object.entries(choices).map(
    ([key, choice]) => [key, choice.display_name, choice.kubespawner_override.image.slice(-1)] as const,
  );
}

describe("a menu's choices", () => {
  it("have the alias's name as the key of the head, so that who saved it follows it", () => {
    const before = optionsOf("lab", { lab: recommending("w_2026_10", weekly(9, "9")) });
    const after = optionsOf("lab", { lab: recommending("w_2026_11", weekly(10, "1"), weekly(9, "9")) });
    expect(before[0]).toEqual(["recommended", "Recommended (w_2026_10)", "1"]);
    expect(after[0]).toEqual(["recommended", "Recommended (w_2026_11)", "1"]);
  });

  it("have what is recommended under its own tag besides, for who chose that", () => {
    expect(optionsOf("lab", { lab: recommending("w_2026_10", weekly(9, "9")) })).toEqual([
      ["recommended", "Recommended (w_2026_10)", "1"],
      ["w_2026_10", "Weekly 2026_10", "1"],
      ["w_2026_9", "Weekly 2026_9", "9"],
    ]);
  });

  it("have the tag that a moving one stands for, where it is known", () => {
    const head = { name: "Stable (Weekly 2026_10)", tag: "stable", digest: digest("1") };
    const menu = { repository: "ghcr.io/campus/lab", menu: [head, weekly(9, "9")], recommended: head };
    const keys = (prepull: ImageMenu["prepull"] = []) =>
      optionsOf("lab", { lab: { ...menu, prepull } }).map(([key]) => key);
    expect(keys([{ tag: "w_2026_10", digest: digest("1") }])).toEqual(["stable", "w_2026_10", "w_2026_9"]);
    expect(keys([head])).toEqual(["stable", "w_2026_9"]);
  });

  it("have the key of what is recommended where it is a version, and no alias is moved", () => {
    const head = { name: "Recommended (2026.1)", tag: "2026.1", digest: digest("1") };
    const menu = { repository: "ghcr.io/campus/lab", menu: [head, weekly(9, "9")], recommended: head };
    const keys = (immutable?: string[]) =>
      optionsOf("lab", { lab: { ...menu, immutable } }).map(([key]) => key);
    expect(keys()).toEqual(["recommended", "2026.1", "w_2026_9"]);
    expect(keys([])).toEqual(["2026.1", "w_2026_9"]);
  });

  it("have the whole name of a tag whose form the policy lists", () => {
    const head = { name: "Recommended (build-7)", tag: "build-7", digest: digest("1") };
    const immutable = [String.raw`build-\d+`];
    const menu = { ...recommending("build-7"), menu: [head], recommended: head, immutable };
    expect(optionsOf("lab", { lab: menu }).map(([, name]) => name)).toEqual([head.name, "build-7"]);
  });

  it("keep the menu's order where tags are numbers", () => {
    const menu = ["7", "12", "3"].map((tag) => ({ name: tag, tag, digest: digest(tag.slice(-1)) }));
    expect(optionsOf("lab", { lab: { repository: "ghcr.io/campus/lab", menu } }).map(([key]) => key)).toEqual(
      ["tag-7", "tag-12", "tag-3"],
    );
  });

  it("keep the order of a list of images and of node groups whose names are numbers", () => {
    const images = ["7", "3"].map((tag) => `ghcr.io/campus/lab:${tag}@${digest(tag)}`);
    expect(optionsOf(images, {}).map(([key]) => key)).toEqual(["tag-7", "tag-3"]);
    const groups = ["64", "16"].map((slug) => ({
      slug,
      display_name: slug,
      node_selector: { memory: slug },
    }));
    const file = readProfiles(stringify([{ display_name: "P", node_groups: ["64", "16"] }]), "p.yaml");
    const [rendered] = renderProfileList(file, { nodeGroups: groups });
    expect(
      Object.entries(rendered?.profile.profile_options?.["node_group"]?.["choices"] ?? {}),
    ).toMatchObject([
      ["tag-64", { display_name: "64", default: true }],
      ["tag-16", { display_name: "16" }],
    ]);
  });

  it("are changed by what the file says of them, by their own names or by their keys", () => {
    const images = ["7", "3"].map((tag) => `ghcr.io/campus/lab:${tag}@${digest(tag)}`);
    const choices = (key: string) => {
      const said = { image: { choices: { [key]: { display_name: "Three", default: true } } } };
      const written = [{ display_name: "P", images, profile_options: said }];
      const [rendered] = renderProfileList(readProfiles(stringify(written), "p.yaml"), { nodeGroups: [] });
      return Object.entries(rendered?.profile.profile_options?.["image"]?.["choices"] ?? {});
    };
    for (const key of ["3", "tag-3"])
      expect(choices(key)).toEqual([
        ["tag-7", { display_name: "7", kubespawner_override: expect.anything() }],
        ["tag-3", { display_name: "Three", default: true, kubespawner_override: expect.anything() }],
      ]);
  });

  it("are those of several entries and single images, each with a key of its own", () => {
    const gpu = { ...recommending("w_2026_10"), repository: "ghcr.io/campus/gpu" };
    const lab = recommending("w_2026_10", weekly(9, "9"));
    const single = `ghcr.io/campus/r:4.4@${digest("4")}`;
    expect(optionsOf(["lab", "gpu", single], { lab, gpu }).map(([key, name]) => [key, name])).toEqual([
      ["recommended", "lab: Recommended (w_2026_10)"],
      ["w_2026_10", "lab: Weekly 2026_10"],
      ["w_2026_9", "lab: Weekly 2026_9"],
      ["gpu.recommended", "gpu: Recommended (w_2026_10)"],
      ["gpu.w_2026_10", "gpu: Weekly 2026_10"],
      ["4.4", "4.4"],
    ]);
  });

  it("begin with the name that an entry has for menus, and keep their keys", () => {
    const gpu = { ...recommending("w_2026_10"), repository: "ghcr.io/campus/gpu", displayName: "With GPU" };
    const lab = { ...recommending("w_2026_10"), displayName: "Without" };
    const choices = optionsOf(["lab", "gpu"], { lab, gpu }).map(([key, name]) => [key, name]);
    expect(choices).toContainEqual(["recommended", "Without: Recommended (w_2026_10)"]);
    expect(choices).toContainEqual(["gpu.recommended", "With GPU: Recommended (w_2026_10)"]);
    expect(optionsOf(["gpu"], { gpu })[0]?.[1]).toBe("Recommended (w_2026_10)");
  });

  it("name the position of an entry in a list that is unknown or named twice", () => {
    const problems = (images: unknown) => {
      try {
        optionsOf(images, { lab: recommending("w_2026_10"), gpu: recommending("w_2026_11") });
        return "";
      } catch (error) {
        if (error instanceof LecternError) return error.problems.map(formatProblem).join("\n");
        throw error;
      }
    };
    expect(problems(["lab", "gpux"])).toMatch(
      /\[0\]\.images\[1\]: images\.yaml has no entry "gpux"\. Did you mean "gpu"/,
    );
    expect(problems(["lab", "gpu", "lab"])).toMatch(
      /\[0\]\.images\[2\]: the entry "lab" is already named above/,
    );
  });
});
