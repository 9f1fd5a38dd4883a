import { hash } from "node:crypto";
import fc from "fast-check";
import { type DefaultTreeAdapterMap, parse } from "parse5";
import { describe, expect, it } from "vitest";
import { HOSTILE } from "../../comment/text/testing/hostile.ts";
import { type DeployedMap, mapSchema } from "../map-file.ts";
import { mapSummary } from "../summary.ts";
import { anyMap } from "../testing/any-map.ts";
import { mapPage } from "./page.ts";
import { SCRIPT } from "./script.ts";

type Node = DefaultTreeAdapterMap["node"];
const elementsIn = (node: Node): DefaultTreeAdapterMap["element"][] => [
  ...("tagName" in node ? [node] : []),
  ...("childNodes" in node ? node.childNodes.flatMap(elementsIn) : []),
];
const textIn = (node: Node): string =>
  "value" in node ? node.value : "childNodes" in node ? node.childNodes.map(textIn).join("") : "";

/** A map whose every text is the same. */
const mapOf = (text: string): DeployedMap =>
  mapSchema.parse({
    ...{ version: 1, made: "2026-11-30T00:00:00Z" },
    stacks: [
      {
        ...{ stack: text, environment: text },
        outputs: {
          ...{ read: "2026-11-30T00:00:00Z", deployed: "2026-11-30T00:00:00Z", problems: [text] },
          things: [
            {
              ...{
                id: `course/${text}`,
                kind: "course",
                title: text,
                version: text,
                image: text,
                digest: text,
              },
              ...{ held: { reason: text, deployed: true }, override: { reason: text, until: text } },
              ...{ uses: [text], url: text, links: [{ hub: text, url: text }] },
            },
            { id: `hub/${text}`, kind: "hub", url: `https://x.example/${text}`, healthy: false },
          ],
        },
        failure: { at: "2026-11-30T01:00:00Z", message: text },
        drift: {
          ...{ at: "2026-11-29T00:00:00Z", state: "failed", errors: [text] },
          differences: [
            { thing: `course/${text}`, what: text, fate: "undone", by: text, at: text, reason: text },
            { thing: text, what: text, fate: "accepted" },
          ],
        },
        history: [
          {
            ...{ at: "2026-11-30T00:00:00Z", kind: text, result: text, commit: text },
            changes: [
              { id: text, label: text, change: "updated", title: text, url: text, before: text, after: "x" },
            ],
          },
        ],
        leftOutUpTo: text,
      },
    ],
  });

const TAGS =
  /^(html|head|meta|title|style|body|header|h1|h2|p|ul|ol|li|main|section|form|label|input|select|option|output|table|thead|tbody|tr|th|td|div|span|strong|code|bdi|time|a|details|summary|script)$/;

describe("the page", () => {
  it.each([
    ...HOSTILE,
    `" onmouseover="alert(1)`,
    "</style><script>alert(1)</script>",
    "javascript:alert(1)",
  ])("shows %j, and it does nothing", (text) => {
    const elements = elementsIn(parse(mapPage(mapOf(text))));
    expect(elements.filter(({ tagName }) => !TAGS.test(tagName))).toEqual([]);
    const attributes = elements.flatMap(({ attrs }) => attrs);
    expect(attributes.filter(({ name }) => name.startsWith("on") || name === "src")).toEqual([]);
    const links = attributes.filter(({ name }) => name === "href").map(({ value }) => value);
    for (const link of links) expect(link).toMatch(/^https?:\/\//);
    const scripts = elements.filter(({ tagName }) => tagName === "script");
    expect(scripts.map(textIn)).toEqual([SCRIPT]);
    // Nothing turns the direction of the page.
    expect(mapPage(mapOf(text))).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  });

  it("permits its own script alone, and loads nothing", () => {
    const page = mapPage(mapOf("a"));
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'sha256-${hash("sha256", SCRIPT, "base64")}'`);
    expect(page).not.toMatch(/<link|<img|@import|url\(/);
  });

  it("has a line for each thing, whatever the map", () => {
    fc.assert(
      fc.property(anyMap, (map) => {
        const things = new Set(
          map.stacks.flatMap(({ outputs }) => (outputs?.things ?? []).map(({ id }) => id)),
        );
        const rows = elementsIn(parse(mapPage(map))).filter(
          ({ tagName, attrs }) => tagName === "tr" && attrs.some(({ name }) => name === "data-states"),
        );
        expect(rows).toHaveLength(things.size);
      }),
      { numRuns: 50 },
    );
  });

  it("says what is unknown, and that drift was found before the last deployment", () => {
    const page = mapPage(mapOf("a"));
    expect(page).toContain("since unknown");
    expect(page).toContain("before the last deployment");
    expect(page).toContain("could not be read at");
  });
});

describe("the summary", () => {
  it("says where drift was not looked for, as the page does, rather than that nothing has drifted", () => {
    const [stack] = mapOf("a").stacks;
    const { drift: _, ...unseen } = stack as DeployedMap["stacks"][number];
    const clean = { ...unseen, stack: "b", drift: { at: "2026-11-30T00:00:00Z", state: "clean" as const } };
    const of = (...stacks: object[]) => mapSchema.parse({ ...mapOf("a"), stacks });
    const empty = { errors: [], differences: [] };
    for (const [map, said] of [
      [of(unseen), "drift not looked for"],
      [of(unseen, { ...clean, drift: { ...clean.drift, ...empty } }), "0 drifted, unknown of 1 of 2 stacks"],
      [of({ ...clean, drift: { ...clean.drift, ...empty } }), "0 drifted"],
    ] as const) {
      expect(mapSummary(map).split("\n")[0]).toMatch(new RegExp(`· ${said}$`));
      expect(mapPage(map).replaceAll(/<\/?strong>/g, "")).toContain(`<li class="is-drifted">${said}</li>`);
    }
  });

  it.each(HOSTILE)("shows %j without markup of its own", (text) => {
    const summary = mapSummary(mapOf(text));
    expect(summary).toContain("### Deployed: 2 things · 1 held · 1 drifted, unknown of 1 of 1 stacks");
    expect(summary).not.toMatch(/<(?!\/?code>)[a-z!]/i);
    expect(summary).not.toMatch(/(?<![\\\u2060])@\w/);
  });

  it("has a size that a job can show", () => {
    const stacks = Array.from({ length: 300 }, (_, index) => ({
      ...mapOf("x".repeat(500)).stacks[0],
      stack: `stack-${index}`,
    }));
    const summary = mapSummary(mapSchema.parse({ ...mapOf("a"), stacks }));
    expect(summary.length).toBeLessThan(60_001);
    expect(summary).toContain("more");
  });
});
