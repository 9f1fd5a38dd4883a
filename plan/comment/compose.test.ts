import { describe, expect, it } from "vitest";
import { changesMessage } from "../../components/hub/objects/changes-message.ts";
import type { Problem } from "../../components/problem/problem.ts";
import { deploymentPlanSchema } from "../deployment/deployment-plan.ts";
import type { CommentInput } from "./comment-input.ts";
import { compose, MARKER } from "./compose.ts";
import { stackView } from "./preview/stack-view.ts";
import { commentOf, expectBalanced, input, type Made, preview, urnOf, view } from "./testing/some-comment.ts";

/** What the planner prints, with these jobs. */
const planOf = (more: object) => {
  const none = { support: [], staging: [], prod: [], articles: [], kernels: [], images: [], untracked: [] };
  const rest = { version: 1, labels: [], stacks: { staging: [], prod: [] } };
  return deploymentPlanSchema.parse({ ...none, ...rest, ...more });
};
const heading = (more: Partial<CommentInput> = {}) => commentOf(more).split("\n")[1];

describe("the verdict", () => {
  const prod = view({
    stack: "prod",
    messages: [
      [
        "warning",
        "lectern:assumeStaging is set: this plan assumes that staging has processed everything in it",
      ],
      ["warning", "the hub campus/prod is held: the staging hub campus/staging is not healthy"],
    ],
  });

  it("is the first line below the marker", () => {
    expect(commentOf().split("\n").slice(0, 2)).toEqual([MARKER, "### Staging: 2 to update"]);
    expect(heading({ previews: [view(), prod] })).toBe(
      "### Staging: 2 to update · production: 2 to update once staging has passed, 1 held",
    );
  });

  it("says that a preview failed, and that the catalog has errors", () => {
    const problem: Problem = { code: "x", severity: "error", message: "bad", remedy: "Fix it" };
    const failed = [{ stack: "prod", environment: "prod", failure: "no stack named 'prod' found" }];
    expect(heading({ failed, problems: [problem] })).toBe(
      "### The catalog has 1 error · staging: 2 to update · production: the preview failed",
    );
    expect(commentOf({ failed })).toContain("- ✗ no stack named 'prod' found");
  });

  it("says that nothing is deployed, and why", () => {
    const planned = planOf({ untracked: ["README.md"] });
    const empty = commentOf({ previews: [], planned });
    expect(empty).toContain("### Nothing to deploy\n\n`README.md` is no input of anything.");
    const same = stackView("staging", "staging", {
      steps: [{ op: "same", urn: urnOf("staging", "a:b:C", "d") }],
    });
    expect(commentOf({ previews: [same] })).toContain("The previews found no difference");
  });

  it("counts the planner's jobs where a fork gets no credentials", () => {
    const planned = planOf({
      articles: [{ type: "course", slug: "bell", reasons: ["catalog/courses/bell/1.ipynb changed"] }],
      staging: [{ cluster: "campus", hub: "staging", reasons: ["common.yaml changed"] }],
      prod: [{ cluster: "campus", hub: "prod", provenBy: ["staging"], reasons: ["common.yaml changed"] }],
      held: [{ cluster: "campus", hub: "other", reason: "the support of campus failed" }],
    });
    const text = commentOf({ previews: [], planned, credentials: false });
    expect(text).toContain("### Planned: 1 article, 1 staging hub, 1 production hub");
    expect(text).toContain("- ⏸ hub **campus/other**: the support of campus failed");
    expect(text).toContain("comes from a fork, which gets no credentials");
    expect(text).toContain("| ~ | hub **campus/prod** | common.yaml changed | production |");
  });
});

describe("above the fold", () => {
  const hub = urnOf("staging", "lectern:hub:Hub", "campus/staging");
  const fold = (made: Made) => commentOf({ previews: [view(made)] }).split("\n| |")[0];

  it("are deletions, replacements and what leaves the catalog", () => {
    const kernel = (op: string, name: string) => ({
      op,
      urn: urnOf("staging", "x:y/lectern:Kernelspec", name),
      oldState: {},
      newState: {},
      replaceReasons: ["name"],
    });
    const gone = { op: "delete", urn: urnOf("staging", "x:y/lectern:Article", "walks"), oldState: {} };
    const text = fold({ steps: [kernel("delete", "old"), kernel("replace", "moved"), gone] });
    expect(text).toContain("> **Before you merge:**");
    expect(text).toMatch(/> - staging: Kernelspec \*\*old\*\* \*\*is deleted\*\*/);
    expect(text).toMatch(/Kernelspec \*\*moved\*\* \*\*is replaced\*\*/);
    expect(text).toMatch(/Article \*\*walks\*\* \*\*leaves the catalog\*\*; it stays on qBook/);
  });

  it("are kernels that a restart ends, and hubs that restart", () => {
    const changes = {
      hub: "campus/staging",
      objects: [],
      values: [],
      effects: [{ kind: "hub-restart" as const, text: "the hub restarts: spawning stops for about 10 s" }],
    };
    const text = fold({
      messages: [
        ["info", "a restart of the gateway main (https://gateway.example.org) would end 3 kernels"],
        ["info", changesMessage(changes), hub],
      ],
      steps: [{ op: "same", urn: hub, oldState: {}, newState: {} }],
    });
    expect(text).toContain("> - staging: gateway `main` restarts and would end **3 running kernels**");
    expect(text).toContain("hub **campus/staging**: the hub restarts: spawning stops for about 10 s");
  });
});

it("tells what is held, what an override lets through and what only warns", () => {
  const text = commentOf({
    previews: [
      view({
        messages: [
          ["warning", "course/bell is held: staging has not processed it yet"],
          [
            "warning",
            "hub/campus/prod goes through the gate until 2026-12-24, although staging has not deployed it yet: a vulnerability",
          ],
          ["warning", "kernel python: the tag moved"],
          ["warning", "using pulumi-resource-x from $PATH at /somewhere"],
        ],
      }),
    ],
  });
  expect(text).toContain(
    "**Held: it stays as it is**\n\n- ⏸ course **bell**: staging has not processed it yet",
  );
  expect(text).toMatch(/hub \*\*campus\/prod\*\* until \*\*2026-12-24\*\*, although .*: a vulnerability/);
  expect(text).toContain("<b>1 warning</b></summary>\n\n- ! kernel python: the tag moved");
});

it("says which image, by tag and digest, and which cells", () => {
  const text = commentOf({
    differences: {
      titles: new Map([["course/bell", "Bell states"]]),
      images: new Map([["kernel/python", { before: "x/science:2026.1", after: "x/science:2026.2" }]]),
      notebooks: new Map([
        [
          "course/bell",
          [
            {
              label: "chapter 2 'Two qubits'",
              change: "changed" as const,
              cells: { changed: 1, added: 1, removed: 0, outputs: 2 },
            },
          ],
        ],
      ]),
    },
    links: { artifact: "https://example.org/artifact" },
  });
  expect(text).toContain(
    "| ~ | course **Bell states** | chapter 2 'Two qubits': 1 cell changed, 1 cell added, outputs of 2 cells · [rendered difference](https://example.org/artifact) | staging |",
  );
  expect(text).toContain("image `2026.1` → `2026.2` (`111111111111` → `222222222222`)");
});

it("names problems with file and line, and copies no value of a state or a configuration", () => {
  const problem: Problem = {
    code: "x",
    severity: "error",
    file: "catalog/courses/bell/course.json",
    path: "content[1].kernelId",
    line: 41,
    column: 19,
    message: "no kernel has this name",
    remedy: "Did you mean another",
  };
  const { comment, whole } = compose(input({ problems: [problem] }));
  expect(comment).toContain(
    "`catalog/courses/bell/course.json:41:19` content\\[1\\].kernelId: no kernel has",
  );
  expect(comment + whole).not.toContain("canary");
});

/** A comment without its code, in which nothing has a meaning. */
const withoutCode = (text: string) => text.replaceAll(/(?<![`\\])(`+)(?!`)(.*?[^`])\1(?!`)/g, "");

describe("hostile names", () => {
  const NAMES = [
    "@everyone",
    "x</summary></details><script>alert(1)</script>",
    "a\n\n```\n::set-output name=x::y",
    "[x](https://evil.example) #12",
    "$(reboot) `reboot`",
    "| x | y",
  ];
  it.each(NAMES)("break nothing: %j", (name) => {
    const previews = [
      view({
        messages: [
          ["warning", `${name} is held: ${name}`],
          ["warning", name],
          ["info", `course/bell: ${name}`],
        ],
      }),
      stackView(name, "prod", preview({ stack: "prod" })),
    ];
    const planned = planOf({ untracked: [name] });
    const failed = [{ stack: name, environment: "staging", failure: name }];
    const text = withoutCode(commentOf({ previews, failed, planned, links: { run: name } }));
    expectBalanced(text);
    expect(text).not.toMatch(/<(?!!-- deployment-plan -->|\/?(?:details|summary|b|p|code)>)/);
    expect(text).not.toMatch(/^\s*::|@everyone|\]\(https:\/\/evil|#12/m);
  });
});
