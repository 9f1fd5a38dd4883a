import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { formatProblem, LecternError } from "../../problem/problem.ts";
import { type ProfileSources, renderProfileList } from "./profile-list.ts";
import { profilesJsonSchema, readProfiles } from "./profiles-file.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const SOURCES: ProfileSources = {
  nodeGroups: [{ slug: "gpu", display_name: "GPU nodes", node_selector: { pool: "gpu" } }],
  menus: { science: { repository: "ghcr.io/campus/lab", menu: [] } },
  menuKeys: ["science", "lab"],
};

function refusals(content: unknown): string {
  try {
    renderProfileList(
      readProfiles(typeof content === "string" ? content : stringify(content), "p.yaml"),
      SOURCES,
    );
  } catch (error) {
    if (error instanceof LecternError) return error.problems.map(formatProblem).join("\n");
    throw error;
  }
  return "";
}

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
    [
      "a profile that places its pods itself",
      [{ ...P, kubespawner_override: { node_selector: { pool: "gpu" } } }],
      /^p\.yaml:4:\d+ \[0\]\.kubespawner_override\.node_selector: .*nodes that do not have its image ready.*\. Use node_groups: /,
    ],
    [
      "a choice that places its pods itself, or takes away what its node group says",
      [
        {
          ...P,
          profile_options: {
            o: {
              display_name: "O",
              choices: {
                a: { display_name: "A", kubespawner_override: { tolerations: null } },
                b: { display_name: "B", kubespawner_override: { node_affinity_required: [] } },
              },
            },
          },
        },
      ],
      /choices\.a\.kubespawner_override\.tolerations: .*\n.*choices\.b\.kubespawner_override\.node_affinity_required: /,
    ],
    [
      "an image by its tag in a profile, one of its containers, a choice and a fixed unlisted choice",
      [
        {
          ...P,
          kubespawner_override: {
            image: "x.io/a:1",
            init_containers: [{ image: `x.io/b@${digest("b")}` }, { image: "x.io/b" }],
          },
          profile_options: {
            o: {
              display_name: "O",
              choices: { a: { display_name: "A", kubespawner_override: { image: "x.io/c:1" } } },
              unlisted_choice: {
                enabled: true,
                display_name: "X",
                kubespawner_override: { image: "x.io/d@sha256:1", mem_limit: "{value}G" },
              },
            },
          },
        },
      ],
      new RegExp(
        [
          /^p\.yaml:3:\d+ \[0\]\.kubespawner_override\.image: "x\.io\/a:1" has no digest, .*/,
          /p\.yaml:\d+:\d+ \[0\]\.kubespawner_override\.init_containers\[1\]\.image: "x\.io\/b" has no digest, .*/,
          /p\..*o\.choices\.a\.kubespawner_override\.image: "x\.io\/c:1" has no digest, .*/,
          /p\..*o\.unlisted_choice\.kubespawner_override\.image: "sha256:1" is not a digest.*$/,
        ]
          .map(({ source }) => source)
          .join("\n"),
      ),
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
      "two slugs that are one",
      [P, { display_name: "p" }],
      /\[1\]\.display_name: the slug "p" is already used above/,
    ],
    ["a name of which no slug comes", [{ display_name: "日本" }], /no slug can be derived/],
    [
      "an unknown node group",
      [{ ...P, node_groups: ["gpus"] }],
      /\[0\]\.node_groups\[0\]: the profile "P" uses the unknown node group "gpus"\. Did you mean "gpu"/,
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
      /\[0\]\.images\[1\]: .* already named above/,
    ],
    [
      "an image here and there",
      [{ ...P, images: "science", kubespawner_override: { image: "x" } }],
      /names its image here and again under images/,
    ],
    [
      "a regular expression that is none",
      unlisted({ validation_regex: "^(" }),
      /validation_regex: this is not a regular expression of Python: missing \), unterminated subpattern/,
    ],
    [
      "a group that is named as only JavaScript does",
      unlisted({ validation_regex: "(?<name>a)" }),
      /validation_regex: .* unknown extension \?<n/,
    ],
    [
      "a brace that KubeSpawner can't fill in",
      unlisted({ kubespawner_override: { image: "{value}", environment: { A: "{" } } }),
      /unlisted_choice\.kubespawner_override\.environment\.A: KubeSpawner can't fill in "\{"/,
    ],
    [
      "an option whose key the page reserves",
      [{ ...P, profile_options: { profile: { display_name: "O", choices: { a: { display_name: "A" } } } } }],
      /profile_options\.profile: the page of KubeSpawner reserves "profile"/,
    ],
    [
      "an option whose key ends as that of an unlisted choice",
      [
        {
          ...P,
          profile_options: {
            "o--unlisted-choice": { display_name: "O", choices: { a: { display_name: "A" } } },
          },
        },
      ],
      /profile_options\.o--unlisted-choice: the page of KubeSpawner reserves/,
    ],
    [
      "a choice whose key means the field of the unlisted one",
      [
        {
          ...P,
          profile_options: {
            o: {
              display_name: "O",
              choices: { "unlisted-choice": { display_name: "A" } },
              unlisted_choice: {
                enabled: true,
                display_name: "X",
                kubespawner_override: { image: "{value}" },
              },
            },
          },
        },
      ],
      /choices\.unlisted-choice: KubeSpawner's page takes the choice/,
    ],
    [
      "an option with nothing but an unlisted choice, which has no default",
      [
        {
          ...P,
          profile_options: {
            o: {
              display_name: "O",
              unlisted_choice: {
                enabled: true,
                display_name: "X",
                kubespawner_override: { image: "{value}" },
              },
            },
          },
        },
      ],
      /profile_options\.o: the option has no choices, so KubeSpawner can't start/,
    ],
    [
      "a value that a trait does not take",
      [{ ...P, kubespawner_override: { mem_limit: "4Gi" } }],
      /kubespawner_override\.mem_limit: KubeSpawner does not accept "4Gi" as mem_limit.* Write 4G: /,
    ],
    [
      "a placeholder that is missing",
      unlisted({ kubespawner_override: { image: "x" } }),
      /no setting contains \{value\}/,
    ],
    ["a profile without a name", { profiles: [{ slug: "x" }] }, /profiles\[0\]\.display_name: required/],
    ["an unknown key", [{ ...P, displayName: "x" }], /\[0\]\.displayName: unknown key .*"display_name"/],
    [
      "an image of a list without its name, and with an unknown key",
      [{ ...P, images: [{ tag: "x" }] }],
      /^p\.yaml:3:\d+ \[0\]\.images\[0\]\.image: required\..*\np\.yaml:3:\d+ \[0\]\.images\[0\]\.tag: unknown key "tag"\. Remove it, or use one of image, /,
    ],
    [
      "images of another kind",
      [{ ...P, images: 1 }],
      /\[0\]\.images: expected an entry of images\.yaml, or a list/,
    ],
    [
      "node groups of another kind",
      [{ ...P, node_groups: [1] }],
      /\[0\]\.node_groups\[0\]: .*expected string/,
    ],
    [
      "an entry of images.yaml that is near one of which no menu was asked for",
      [{ ...P, images: "labs" }],
      /\[0\]\.images: images\.yaml has no entry "labs"\. Did you mean "lab"\?/,
    ],
    [
      "an entry of images.yaml that is near none, with those that there are",
      [{ ...P, images: "lba" }],
      /\[0\]\.images: .*\. Name one of science, lab, add it there, or name images by digest/,
    ],
    [
      "a picture of a choice, which no form shows",
      [
        {
          ...P,
          profile_options: {
            o: { display_name: "O", choices: { a: { display_name: "A", picture: "x" } } },
          },
        },
      ],
      /\[0\]\.profile_options\.o\.choices\.a\.picture: unknown key "picture"/,
    ],
    ["no profiles", [], /expected at least one profile/],
  ])("%s", (_, content, message) => {
    expect(refusals(content)).toMatch(message);
  });
});

it("has a JSON Schema", () => {
  expect(JSON.stringify(profilesJsonSchema())).toContain('"unlisted_choice"');
});
