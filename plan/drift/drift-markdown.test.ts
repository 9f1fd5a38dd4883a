import { stripVTControlCharacters } from "node:util";
import MarkdownIt from "markdown-it";
import { describe, expect, it } from "vitest";
import { HOSTILE } from "../comment/text/testing/hostile.ts";
import { type Difference, type StackDrift, summaryOf } from "./drift.ts";
import { driftIssue, driftMarkdown } from "./drift-markdown.ts";
import { lastLine, stackLines } from "./drift-table.ts";

const EDIT: Difference = {
  thing: "Hub campus/prod",
  change: "changed",
  object: "ConfigMap hub",
  field: 'data["motd.txt"]',
  manager: "kubectl-edit",
  time: "2026-11-20T09:12:00Z",
  fate: "undone",
};
const STACKS: readonly StackDrift[] = [
  { stack: "staging", environment: "staging", state: "clean", differences: [], errors: [], seconds: 3.14 },
  {
    stack: "prod-campus",
    environment: "prod",
    state: "drift",
    differences: [
      EDIT,
      { thing: "Hub campus/prod", change: "gone", object: "Secret hub", fate: "held" },
      { ...EDIT, field: "data.banner", fate: "accepted", reason: "maintenance until Friday" },
      {
        thing: "Kernel python",
        change: "changed",
        detail: "host-1: kernel.json was changed",
        fate: "refresh",
      },
    ],
    errors: [],
    seconds: 12.4,
  },
  {
    stack: "prod-hpc",
    environment: "prod",
    state: "failed",
    differences: [],
    errors: ["the cluster hpc does not answer: ETIMEDOUT"],
    seconds: 30,
  },
];
const [CLEAN, , FAILED] = STACKS as readonly [StackDrift, StackDrift, StackDrift];
const only = (...differences: Difference[]): StackDrift => ({ ...CLEAN, state: "drift", differences });
const OPTIONS = { marker: "<!-- lectern-drift -->", run: "https://github.com/o/r/actions/runs/1" };

describe("the text of drift", () => {
  it("says first how much differs, then what is undone, what stays, and what could not be looked at", async () => {
    await expect(driftIssue(STACKS, OPTIONS)).toMatchFileSnapshot("drift.golden.md");
  });

  it("says on a terminal what becomes of each difference", () => {
    expect(STACKS.flatMap(stackLines).map(stripVTControlCharacters)).toEqual([
      "  ✓ staging  as it was deployed (3.1 s)",
      "  ~ prod-campus  differs (12 s)",
      '      Hub campus/prod: ConfigMap hub: data["motd.txt"] was changed by kubectl-edit at 2026-11-20T09:12:00Z; the next deployment puts it back',
      "      Hub campus/prod: Secret hub is gone; it stays while it is held",
      "      Hub campus/prod: ConfigMap hub: data.banner was changed by kubectl-edit at 2026-11-20T09:12:00Z; it is accepted: maintenance until Friday",
      "      Kernel python: host-1: kernel.json was changed; `lectern deploy --refresh` puts it back",
      "  ✗ prod-hpc  could not be looked at (30 s)",
      "      the cluster hpc does not answer: ETIMEDOUT",
    ]);
    expect(lastLine(STACKS)).toBe(
      "3 differences in 1 stack; 1 stack could not be looked at. Nothing was changed.",
    );
  });

  it.each<[string, readonly StackDrift[], string]>([
    ["nothing", [CLEAN, CLEAN], "no differences in 2 stacks"],
    ["what is accepted alone", [only({ ...EDIT, fate: "accepted" })], "no differences in 1 stack"],
    ["one", [only(EDIT)], "1 difference in 1 stack"],
    ["what is held", [only({ ...EDIT, fate: "held" }), only(EDIT, EDIT)], "3 differences in 2 stacks"],
    ["a failure alone", [FAILED], "no differences in 0 stacks; 1 stack could not be looked at"],
  ])("counts %s", (_, stacks, expected) => {
    expect(summaryOf(stacks)).toBe(expected);
  });

  it.each(HOSTILE)("shows names of other people and does nothing for them: %j", (text) => {
    const everywhere: Difference = {
      ...{ thing: `Hub ${text}`, change: "changed", object: text, field: text },
      ...{ manager: text, time: text, fate: "undone", reason: text },
    };
    const stacks = [
      only(everywhere, { ...everywhere, detail: text }, { ...everywhere, fate: "accepted" }),
      { ...FAILED, stack: text, errors: [text] },
    ];
    const markdown = driftIssue(stacks, OPTIONS);
    const html = new MarkdownIt({ html: true, linkify: true }).render(markdown.replace(OPTIONS.marker, ""));
    const known =
      /<\/?(?:h3|p|table|thead|tbody|tr|th|td|strong|code|ul|li|details|summary|b)>|<a href="https:\/\/github.com\/o\/r\/actions\/runs\/1">|<\/a>/g;
    expect(html.replaceAll(known, "")).not.toMatch(/<[a-z/!]/i);
    // Code is no mention.
    expect(html.replaceAll(/<code>.*?<\/code>/g, "")).not.toMatch(
      /(?<![\u2060\w])@(?!\u2060)\w|evil\.example"/,
    );
    const lines = stacks.flatMap(stackLines).map(stripVTControlCharacters);
    // Line breaks, colours and directions of the text are none of ours.
    expect(lines.join("")).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
  });

  it("has a size that an issue can have, and what is undone in it as long as there is room", () => {
    const many = only(...Array.from({ length: 3000 }, (_, at) => ({ ...EDIT, field: `data.${at}` })));
    expect(driftMarkdown([many]).length).toBeGreaterThan(200_000);
    const text = driftIssue([many, ...Array.from({ length: 500 }, () => FAILED)], OPTIONS);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/^<!-- lectern-drift -->\n### Drift: 3000 differences in 1 stack; 500 stacks could/);
    expect(text).toContain("`data.99`");
    expect(text).toContain("and 2900 more");
    expect(text).toContain("and 480 more stacks");
  });
});
