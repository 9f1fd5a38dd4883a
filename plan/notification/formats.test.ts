import MarkdownIt from "markdown-it";
import { describe, expect, it } from "vitest";
import { HOSTILE } from "../comment/text/testing/hostile.ts";
import { payloadOf } from "./formats.ts";
import type { LiveThing } from "./live-thing.ts";
import { type DeployedStack, notificationOf } from "./notification.ts";

const RUN = "https://github.com/o/r/actions/runs/1";
const COURSE: LiveThing = {
  ...{ id: "course/bell", label: "Course bell", change: "updated" },
  ...{ title: "Bell states", url: "https://qbook.example/bell" },
};
const STACKS: readonly DeployedStack[] = [
  { stack: "staging", environment: "staging", state: "deployed", live: [{ ...COURSE, change: "created" }] },
  {
    stack: "prod",
    environment: "prod",
    state: "deployed",
    live: [
      { label: "GatewayRestart main", change: "updated" },
      COURSE,
      { id: "hub/campus/prod", label: "Hub campus/prod", change: "updated", url: "https://hub.example" },
      { id: "kernel/python", label: "Kernel python", change: "removed" },
    ],
  },
  { stack: "prod-hpc", environment: "prod", state: "not started", live: [] },
];

function payload(format: "slack" | "mattermost", stacks = STACKS) {
  const notification = notificationOf(stacks, RUN);
  if (!notification) throw new Error("there is nothing to tell");
  return payloadOf(notification, format, {});
}
const textOf = (stacks = STACKS) => (payload("mattermost", stacks) as { text: string }).text;

describe("a notification", () => {
  it("says for whom something went live, what people know first, then what was not deployed", () => {
    expect(textOf().split("\n")).toEqual([
      "**Live: 1 change on staging, 4 changes in production, 1 stack not deployed**",
      "",
      "On staging, for those who review it",
      "",
      "- course **[Bell states](https://qbook.example/bell)** is new",
      "",
      "In production, for students and the users of hubs",
      "",
      "- course **[Bell states](https://qbook.example/bell)** was updated",
      "- hub **[campus/prod](https://hub.example/)** was updated",
      "- kernel **python** was removed",
      "- GatewayRestart **main** was updated",
      "",
      "Not deployed",
      "",
      "- stack **prod-hpc** was not started",
      "",
      `[run](${RUN})`,
    ]);
  });

  it("names what went through a freeze", () => {
    const [, prod] = STACKS;
    if (!prod) throw new Error("there is no production");
    const hold = "frozen until 2026-10-05 11:00 (Europe/Rome) for the lecture Algebra";
    const passed = { id: "kernel/python", hold, reason: "numpy is broken" };
    const lines = textOf([{ ...prod, throughFreeze: [passed] }]).split("\n");
    expect(lines.slice(lines.indexOf("Deployed although an event froze it"))).toEqual([
      "Deployed although an event froze it",
      "",
      `- kernel/python, ${hold}: **numpy is broken** `,
      "",
      `[run](${RUN})`,
    ]);
  });

  it("is in Slack's blocks, with nothing of other people where Slack reads markup", () => {
    expect(payload("slack")).toMatchObject({
      text: "Live: 1 change on staging, 4 changes in production, 1 stack not deployed",
      mrkdwn: false,
      link_names: false,
      unfurl_links: false,
      blocks: [{ type: "rich_text" }],
    });
    expect(JSON.stringify(payload("slack"))).toContain(
      '{"type":"link","url":"https://qbook.example/bell","text":"Bell states","style":{"bold":true}}',
    );
  });

  it("is none where nothing went live and nothing failed", () => {
    expect(
      notificationOf([{ stack: "prod", environment: "prod", state: "deployed", live: [] }]),
    ).toBeUndefined();
  });
});

const SLACK = [
  "<!everyone>",
  "<!channel|x>",
  "<@U123>",
  "<#C123>",
  "<https://evil.example|here>",
  "*bold* `x` ~y~",
  "~town-square",
  ":boom:",
  "@channel @here",
];

describe("names of other people", () => {
  const hostile = (text: string): DeployedStack => ({
    ...{ stack: text, environment: "prod", state: "failed" },
    live: [
      {
        id: `course/${text}`,
        label: `Course ${text}`,
        change: "updated",
        title: text,
        url: `https://x.example/${text}`,
      },
      { label: text, change: "updated", url: "javascript:alert(1)" },
    ],
  });

  it.each([...HOSTILE, ...SLACK])("are texts in Slack's blocks, which are shown as they are: %j", (text) => {
    const found = payload("slack", [hostile(text)]) as { text: string; blocks: unknown[] };
    expect(found.text).toMatch(/^Live: 2 changes in production, 1 stack not deployed$/);
    const types = [...JSON.stringify(found.blocks).matchAll(/"type":"(\w+)"/g)].map(([, type]) => type);
    expect(new Set(types)).toEqual(
      new Set(["rich_text", "rich_text_section", "rich_text_list", "text", "link"]),
    );
    const links = [...JSON.stringify(found.blocks).matchAll(/"url":"([^"]*)"/g)].map(([, url]) => url);
    for (const url of links) expect(url).toMatch(/^https:\/\/(x\.example|github\.com)\//);
  });

  it.each([...HOSTILE, ...SLACK])("do nothing in Mattermost: %j", (text) => {
    const markdown = textOf([hostile(text)]);
    const html = new MarkdownIt({ html: true, linkify: true }).render(markdown);
    const known = /<\/?(?:p|ul|li|strong)>|<a href="https:\/\/(?:x\.example|github\.com)\/[^"]*">|<\/a>/g;
    expect(html.replaceAll(known, "")).not.toMatch(/<[a-z/!]/i);
    expect(markdown.replaceAll(/\(https:[^)]*\)|&#36;/g, "")).not.toMatch(/@\w|~\w|#\w/);
  });

  it("have a length that fits, whatever they are", () => {
    const long = "<&*`".repeat(5000);
    const many = Array.from({ length: 300 }, () => hostile(long));
    expect(textOf(many).length).toBeLessThan(16_384);
    expect(textOf(many)).toContain("and 580 more");
    expect(JSON.stringify(payload("slack", many)).length).toBeLessThan(40_000);
  });
});
