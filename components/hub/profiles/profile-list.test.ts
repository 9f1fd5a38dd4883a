import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { NodeGroup } from "../../cluster/node-groups/node-groups.ts";
import { imagesOf } from "./images/startable-images.ts";
import { type ProfileSources, renderProfileList } from "./profile-list.ts";
import { readProfiles } from "./profiles-file.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const CPU: NodeGroup = { slug: "cpu", display_name: "CPU nodes", node_selector: { pool: "cpu" } };
const GPU: NodeGroup = {
  slug: "gpu",
  display_name: "GPU nodes",
  node_selector: { pool: "gpu" },
  tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] }],
      },
    },
  },
};
const SOURCES: ProfileSources = {
  nodeGroups: [CPU, GPU],
  menus: {
    science: {
      repository: "ghcr.io/campus/lab",
      menu: [
        { name: "Recommended (Weekly 2022_40)", tag: "recommended", digest: digest("a") },
        { name: "Release r24.0.0", tag: "r24_0_0", digest: digest("b") },
      ],
    },
  },
};

const rendered = (content: unknown) =>
  renderProfileList(
    readProfiles(typeof content === "string" ? content : stringify(content), "p.yaml"),
    SOURCES,
  );
const listOf = (content: unknown) => rendered(content).map(({ profile }) => profile);

describe("rendering", () => {
  it("what KubeSpawner knows passes as it is, slugs and defaults said", () => {
    const unlisted = {
      enabled: true,
      display_name: "Image",
      display_name_in_choices: "Another…",
      description_in_choices: "One of your own",
      validation_regex: "^(?P<name>campus)/.+:.+$",
      validation_message: "campus/<name>:<tag>",
      kubespawner_override: { image: "{value}", extra_labels: { tag: "x-{value}" } },
    };
    const choices = {
      small: { display_name: "2 CPU", description: "For lectures", kubespawner_override: { cpu_limit: 2 } },
      large: { display_name: "4 CPU", kubespawner_override: { cpu_limit: 4 } },
    };
    const list = listOf([
      {
        display_name: "Größe: klein (2 CPU)",
        description: "A small one",
        kubespawner_override: { default_url: "/lab", environment: { A: "1", B: null } },
        profile_options: {
          size: { display_name: "Size", choices },
          image: {
            display_name: "Image",
            choices: { lab: { display_name: "Lab" } },
            unlisted_choice: unlisted,
          },
        },
      },
      { display_name: "Other", slug: "other" },
    ]);
    expect(list).toEqual([
      {
        display_name: "Größe: klein (2 CPU)",
        slug: "grosse-klein-2-cpu",
        description: "A small one",
        default: true,
        kubespawner_override: { default_url: "/lab", environment: { A: "1", B: null } },
        profile_options: {
          size: { display_name: "Size", choices: { ...choices, small: { ...choices.small, default: true } } },
          image: {
            display_name: "Image",
            choices: { lab: { display_name: "Lab", default: true } },
            unlisted_choice: unlisted,
          },
        },
      },
      { display_name: "Other", slug: "other" },
    ]);
  });

  it("one node group binds the profile, beside the profile's own settings", () => {
    const [profile] = listOf([
      { display_name: "P", node_groups: "gpu", kubespawner_override: { cpu_limit: 2 } },
    ]);
    expect(profile?.kubespawner_override).toEqual({
      cpu_limit: 2,
      node_selector: { pool: "gpu" },
      // A list replaces the hub's own, so that what its users' pods tolerate is repeated.
      tolerations: [
        { key: "hub.jupyter.org/dedicated", operator: "Equal", value: "user", effect: "NoSchedule" },
        { key: "hub.jupyter.org_dedicated", operator: "Equal", value: "user", effect: "NoSchedule" },
        ...(GPU.tolerations ?? []),
      ],
      node_affinity_required: [{ matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] }],
    });
  });

  it("several node groups and a menu of images are choices, named, the first the default", () => {
    const [profile] = listOf({
      profiles: [{ display_name: "P", node_groups: ["cpu", "gpu"], images: "science" }],
    });
    expect(profile?.profile_options).toEqual({
      node_group: {
        display_name: "Nodes",
        choices: {
          cpu: {
            display_name: "CPU nodes",
            default: true,
            kubespawner_override: { node_selector: { pool: "cpu" } },
          },
          gpu: {
            display_name: "GPU nodes",
            kubespawner_override: expect.objectContaining({ node_selector: { pool: "gpu" } }),
          },
        },
      },
      image: {
        display_name: "Image",
        choices: {
          recommended: {
            display_name: "Recommended (Weekly 2022_40)",
            default: true,
            kubespawner_override: { image: `ghcr.io/campus/lab@${digest("a")}` },
          },
          r24_0_0: {
            display_name: "Release r24.0.0",
            kubespawner_override: { image: `ghcr.io/campus/lab@${digest("b")}` },
          },
        },
      },
    });
  });

  it("the default of a menu is the one that the options say, else the first, numbers or not", () => {
    const defaultOf = (profile: object) => {
      const choices = listOf([{ display_name: "P", ...profile }])[0]?.profile_options?.["image"]?.["choices"];
      return Object.entries(choices ?? {}).flatMap(([key, choice]) => (choice.default ? [key] : []));
    };
    const said = { image: { choices: { r24_0_0: { display_name: "R", default: true } } } };
    const images = [`x.io/a:2025@${digest("a")}`, `x.io/a:2024@${digest("b")}`];
    expect(defaultOf({ images: "science", profile_options: said })).toEqual(["r24_0_0"]);
    expect(defaultOf({ images })).toEqual(["tag-2025"]);
  });

  it("an image by digest is named by its tag; two repositories may share one", () => {
    const [one, two] = listOf([
      { display_name: "One", images: [`ghcr.io/a/lab:w_2022_40@${digest("a")}`] },
      {
        display_name: "Two",
        images: [
          `ghcr.io/a/lab:w_2022_40@${digest("a")}`,
          { image: `ghcr.io/b/lab:w_2022_40@${digest("b")}`, display_name: "B", default: true },
        ],
      },
    ]);
    expect(one?.kubespawner_override).toEqual({ image: `ghcr.io/a/lab@${digest("a")}` });
    expect(two?.profile_options?.["image"]?.["choices"]).toMatchObject({
      "w_2022_40-aaaaaaaaaaaa": { display_name: "Weekly 2022_40" },
      "w_2022_40-bbbbbbbbbbbb": { display_name: "B", default: true },
    });
  });

  it("gives the same bytes for the same input", () => {
    const content = [
      { display_name: "P", node_groups: ["gpu", "cpu"], images: "science" },
      { display_name: "Q" },
    ];
    expect(JSON.stringify(listOf(content))).toBe(JSON.stringify(listOf(structuredClone(content))));
  });
});

describe("images that can start", () => {
  it("each once, with the node groups that may start it", () => {
    const images = imagesOf(
      rendered([
        { display_name: "Both", node_groups: ["gpu", "cpu"], images: [`x.io/a@${digest("a")}`] },
        {
          display_name: "Gpu",
          node_groups: ["gpu"],
          images: [`x.io/a@${digest("a")}`, `x.io/g@${digest("b")}`],
        },
        { display_name: "Any", images: [`x.io/c@${digest("c")}`] },
        { display_name: "Cpu", node_groups: "cpu", images: [`x.io/c@${digest("c")}`] },
        {
          display_name: "Raw",
          node_groups: "cpu",
          kubespawner_override: { image: `x.io/raw:1@${digest("d")}` },
        },
      ]),
    );
    expect(images).toEqual([
      { image: `x.io/a@${digest("a")}`, anywhere: false, nodeGroups: ["cpu", "gpu"] },
      { image: `x.io/c@${digest("c")}`, anywhere: true, nodeGroups: ["cpu"] },
      { image: `x.io/g@${digest("b")}`, anywhere: false, nodeGroups: ["gpu"] },
      { image: `x.io/raw:1@${digest("d")}`, anywhere: false, nodeGroups: ["cpu"] },
    ]);
  });

  it("those of other containers and of a fixed unlisted choice too, and none that its user completes", () => {
    const named = (digit: string) => ({ name: digit, image: `x.io/${digit}@${digest(digit)}` });
    const unlisted = (enabled: boolean, digit: string, extra: object) => ({
      display_name: "O",
      choices: { a: { display_name: "A", kubespawner_override: { init_containers: { one: named("c") } } } },
      unlisted_choice: {
        enabled,
        display_name: "X",
        kubespawner_override: { image: named(digit).image, ...extra },
      },
    });
    const images = imagesOf(
      rendered([
        {
          display_name: "P",
          kubespawner_override: { init_containers: [named("a")], extra_containers: { log: named("b") } },
          profile_options: {
            size: unlisted(true, "d", {
              mem_limit: "{value}G",
              extra_containers: [{ image: "x.io/{value}" }],
            }),
            off: unlisted(false, "e", {}),
          },
        },
      ]),
    );
    expect(images.map(({ image }) => image)).toEqual(["a", "b", "c", "d"].map((digit) => named(digit).image));
  });
});
