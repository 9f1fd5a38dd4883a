import { expect, it } from "vitest";
import { stringify } from "yaml";
import { formatProblem, LecternError } from "../../problem/problem.ts";
import { renderProfileList } from "./profile-list.ts";
import { readProfiles } from "./profiles-file.ts";

const P = { display_name: "P" };
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const NODE_GROUPS = [{ slug: "gpu", display_name: "GPU nodes", node_selector: { pool: "gpu" } }];

function refusals(content: unknown): string {
  try {
    const text = typeof content === "string" ? content : stringify(content);
    renderProfileList(readProfiles(text, "p.yaml"), { nodeGroups: NODE_GROUPS });
  } catch (error) {
    if (error instanceof LecternError) return error.problems.map(formatProblem).join("\n");
    throw error;
  }
  return "";
}

it.each([
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
    "a default among the images and another in their option",
    [
      {
        ...P,
        images: [`x.io/a:1@${digest("a")}`, { image: `x.io/a:two@${digest("b")}`, default: true }],
        profile_options: { image: { choices: { 1: { display_name: "One", default: true } } } },
      },
    ],
    /^\S+ \[0\]\.profile_options\.image\.choices\.1\.default: a second choice is the default here\. .*$/,
  ],
  [
    "an option without a choice",
    [{ ...P, profile_options: { o: { display_name: "O" } } }],
    /the option has no choices/,
  ],
  [
    "a part of an option that one node group and one image don't bring along",
    [
      {
        ...P,
        node_groups: ["gpu"],
        images: [`x.io/a@${digest("a")}`],
        profile_options: { node_group: { display_name: "Nodes" }, image: {} },
      },
    ],
    new RegExp(
      [
        /^\S+ \[0\]\.profile_options\.node_group: the option has no choices, .*Name several node groups, .*/,
        /\S+ \[0\]\.profile_options\.image\.display_name: required.*/,
        /\S+ \[0\]\.profile_options\.image: the option has no choices, .*Name several images, .*$/,
      ]
        .map(({ source }) => source)
        .join("\n"),
    ),
  ],
  [
    "an option of images that are wrong, for those alone",
    [{ ...P, images: ["x.io/a:1", "x.io/b:1"], profile_options: { image: { display_name: "I" } } }],
    /^\S+ \[0\]\.images\[0\]: .*\n\S+ \[0\]\.images\[1\]: .*$/,
  ],
  [
    "numeric keys that would be sorted",
    "- {display_name: P, profile_options: {o: {display_name: O, choices: {16: {display_name: L, default: true}, 4: {display_name: S}}}}}",
    /profile_options\.o\.choices: numeric keys are sorted by size/,
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
    /numeric keys have no order/,
  ],
])("refuses %s", (_, content, message) => {
  expect(refusals(content)).toMatch(message);
});

it("an option may have the name of something that every object of JavaScript has", () => {
  const profile_options = { constructor: { display_name: "Builder", choices: { a: { display_name: "A" } } } };
  expect(refusals([{ ...P, profile_options }])).toBe("");
});
