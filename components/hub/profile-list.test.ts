import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { formatProblem, LecternError } from "../problem/problem.ts";
import { deepMerge, type JsonObject } from "./deep-merge.ts";
import type { NodeGroup } from "./node-groups.ts";
import { imagesOf, type ProfileSources, renderProfileList } from "./profile-list.ts";
import { profilesJsonSchema, readProfiles } from "./profiles-file.ts";

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

function refusals(content: unknown): string {
  try {
    rendered(content);
  } catch (error) {
    if (error instanceof LecternError) return error.problems.map(formatProblem).join("\n");
    throw error;
  }
  return "";
}

describe("rendering", () => {
  it("what KubeSpawner knows passes as it is, slugs and defaults said", () => {
    const unlisted = {
      enabled: true,
      display_name: "Image",
      display_name_in_choices: "Another…",
      validation_regex: "^(?P<name>campus)/.+:.+$",
      validation_message: "campus/<name>:<tag>",
      kubespawner_override: { image: "{value}", extra_labels: { tag: "x-{value}" } },
    };
    const choices = {
      small: { display_name: "2 CPU", kubespawner_override: { cpu_limit: 2 } },
      large: { display_name: "4 CPU", kubespawner_override: { cpu_limit: 4 } },
    };
    const list = listOf([
      {
        display_name: "Größe: klein (2 CPU)",
        description: "A small one",
        kubespawner_override: { default_url: "/lab", environment: { A: "1", B: null } },
        profile_options: {
          size: { display_name: "Size", choices },
          image: { display_name: "Image", unlisted_choice: unlisted },
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
          image: { display_name: "Image", unlisted_choice: unlisted },
        },
      },
      { display_name: "Other", slug: "other" },
    ]);
  });

  it("one node group binds the profile, and the profile's own settings stand above it", () => {
    const [profile] = listOf([
      { display_name: "P", node_groups: "gpu", kubespawner_override: { node_selector: { disk: "ssd" } } },
    ]);
    expect(profile?.kubespawner_override).toEqual({
      node_selector: { pool: "gpu", disk: "ssd" },
      tolerations: GPU.tolerations,
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
        { display_name: "Raw", node_groups: "cpu", kubespawner_override: { image: "x.io/raw:1" } },
      ]),
    );
    expect(images).toEqual([
      { image: `x.io/a@${digest("a")}`, nodeGroups: ["cpu", "gpu"] },
      { image: `x.io/c@${digest("c")}`, nodeGroups: [] },
      { image: `x.io/g@${digest("b")}`, nodeGroups: ["gpu"] },
      { image: "x.io/raw:1", nodeGroups: ["cpu"] },
    ]);
  });
});

describe("refused", () => {
  const P = { display_name: "P" };
  const unlisted = (extra: object) => [
    {
      ...P,
      profile_options: {
        o: {
          display_name: "O",
          unlisted_choice: {
            enabled: true,
            display_name: "X",
            kubespawner_override: { image: "{value}" },
            ...extra,
          },
        },
      },
    },
  ];

  it.each([
    [
      "a trait in camelCase",
      [{ ...P, kubespawner_override: { lifecycleHooks: {} } }],
      /^p\.yaml:3:\d+ \[0\]\.kubespawner_override\.lifecycleHooks: .*\. Did you mean "lifecycle_hooks"\?$/,
    ],
    ["an old trait", [{ ...P, kubespawner_override: { image_spec: "x" } }], /Did you mean "image"\?/],
    [
      "an unknown trait of a choice",
      [
        {
          ...P,
          profile_options: {
            o: {
              display_name: "O",
              choices: { a: { display_name: "A", kubespawner_override: { memLimit: 1 } } },
            },
          },
        },
      ],
      /\[0\]\.profile_options\.o\.choices\.a\.kubespawner_override\.memLimit.*"mem_limit"/,
    ],
    [
      "two default profiles",
      [
        { ...P, default: true },
        { display_name: "Q", default: true },
      ],
      /\[1\]\.default: a second profile is the default/,
    ],
    [
      "two default choices",
      [
        {
          ...P,
          profile_options: {
            o: {
              display_name: "O",
              choices: { a: { display_name: "A", default: true }, b: { display_name: "B", default: true } },
            },
          },
        },
      ],
      /choices\.b\.default: a second choice/,
    ],
    [
      "two slugs that are one",
      [P, { display_name: "p" }],
      /\[1\]\.display_name: the slug "p" stands here for the second time/,
    ],
    ["a name of which no slug comes", [{ display_name: "日本" }], /no slug can be made/],
    [
      "an unknown node group",
      [{ ...P, node_groups: ["gpus"] }],
      /\[0\]\.node_groups\[0\]: there is no node group "gpus", and the profile "P" uses it\. Did you mean "gpu"/,
    ],
    [
      "an unknown entry of images.yaml",
      [{ ...P, images: "sience" }],
      /\[0\]\.images: .*Did you mean "science"\?/,
    ],
    [
      "an image without a digest",
      [{ ...P, images: ["x.io/a:1"] }],
      /\[0\]\.images\[0\]: "x\.io\/a:1" has no digest/,
    ],
    ["a malformed digest", [{ ...P, images: ["x.io/a@sha256:abc"] }], /\[0\]\.images\[0\]/],
    [
      "an image twice",
      [{ ...P, images: [`x.io/a@${digest("a")}`, `x.io/a:t@${digest("a")}`] }],
      /\[0\]\.images\[1\]: .* second time/,
    ],
    [
      "an image here and there",
      [{ ...P, images: "science", kubespawner_override: { image: "x" } }],
      /names its image here and under images/,
    ],
    [
      "a regular expression that is none",
      unlisted({ validation_regex: "^(" }),
      /validation_regex: this is not a regular expression: Unterminated group/,
    ],
    [
      "a placeholder that is missing",
      unlisted({ kubespawner_override: { image: "x" } }),
      /no setting contains \{value\}/,
    ],
    [
      "an option without a choice",
      [{ ...P, profile_options: { o: { display_name: "O" } } }],
      /the option offers no choice/,
    ],
    [
      "an option without a name",
      [{ ...P, profile_options: { o: { choices: { a: { display_name: "A" } } } } }],
      /profile_options\.o\.display_name: required/,
    ],
    [
      "numbers as keys, and none the default",
      [
        {
          ...P,
          profile_options: {
            o: { display_name: "O", choices: { 4: { display_name: "4" }, 2: { display_name: "2" } } },
          },
        },
      ],
      /keys that are numbers/,
    ],
    ["a profile without a name", { profiles: [{ slug: "x" }] }, /profiles\[0\]\.display_name: required/],
    ["an unknown key", [{ ...P, displayName: "x" }], /\[0\]\.displayName: unknown key .*"display_name"/],
    ["no profiles", [], /expected at least one profile/],
  ])("%s", (_, content, message) => {
    expect(refusals(content)).toMatch(message);
  });
});

it("has a JSON Schema", () => {
  expect(JSON.stringify(profilesJsonSchema())).toContain('"unlisted_choice"');
});

describe("deep merge", () => {
  const json: fc.Arbitrary<JsonObject> = fc.dictionary(
    fc.constantFrom("a", "b", "c"),
    fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.nat(3),
        fc.constant(null),
        fc.array(fc.nat(2), { maxLength: 2 }),
        tie("object"),
      ),
      object: fc.dictionary(fc.constantFrom("a", "b"), tie("value")),
    })).value,
  );

  it("objects merge at every depth, lists and null replace", () => {
    expect(deepMerge({ a: { x: 1, y: [1] }, b: 1 }, { a: { y: [2], z: null } })).toEqual({
      a: { x: 1, y: [2], z: null },
      b: 1,
    });
  });

  it("is associative, and nothing under or over it changes nothing", () => {
    fc.assert(
      fc.property(json, json, json, (a, b, c) => {
        expect(deepMerge(a, {})).toEqual(a);
        expect(deepMerge({}, a)).toEqual(a);
        expect(deepMerge(a, a)).toEqual(a);
        expect(deepMerge(deepMerge(a, b), c)).toEqual(deepMerge(a, b, c));
      }),
    );
  });
});
