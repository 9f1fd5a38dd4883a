import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { formatProblem, LecternError } from "../problem/problem.ts";
import { type NodeGroup, nodeGroupsJsonSchema, readNodeGroups } from "./node-groups.ts";

const group = (slug: string, selector: Record<string, string> = { pool: slug }): NodeGroup => ({
  slug,
  display_name: slug.toUpperCase(),
  node_selector: selector,
});

function refusals(content: unknown): string[] {
  try {
    readNodeGroups(typeof content === "string" ? content : JSON.stringify(content, null, 2), "n.json");
  } catch (error) {
    if (error instanceof LecternError) return error.problems.map(formatProblem);
    throw error;
  }
  return [];
}

describe("reading", () => {
  it("takes the example cluster's file", async () => {
    const file = new URL("../../catalog/clusters/campus/node-groups.json", import.meta.url);
    const groups = readNodeGroups(await readFile(file, "utf8"), "node-groups.json");
    expect(groups.map(({ slug }) => slug)).toContain("gpu");
  });

  it("checks every entry, with its place", () => {
    const problems = refusals([
      group("cpu"),
      { slug: "gpu", display_name: "GPU" },
      { ...group("big"), node_selektor: {}, node_selector: { pool: 1 } },
    ]);
    expect(problems[0]).toMatch(/^n\.json:\d+:\d+ \[1\]\.node_selector: required\. /);
    expect(problems[1]).toMatch(/\[2\]\.node_selector\.pool: /);
    expect(problems[2]).toMatch(
      /\[2\]\.node_selektor: unknown key "node_selektor"\. Did you mean "node_selector"\?/,
    );
    expect(problems).toHaveLength(3);
  });

  it.each([
    [[group("a"), group("a")], /\[1\]\.slug: the slug "a" stands here for the second time/],
    [[{ ...group("a"), slug: "a b" }], /\[0\]\.slug: expected letters/],
    [[{ ...group("a"), display_name: "" }], /\[0\]\.display_name/],
    [[group("a", { "no good": "x" })], /\[0\]\.node_selector/],
    [[group("a", { pool: "a b" })], /\[0\]\.node_selector\.pool: expected the value/],
    [
      [{ ...group("a"), tolerations: [{ effect: "NoSchedule" }] }],
      /\[0\]\.tolerations\[0\]\.key: a toleration/,
    ],
    [
      [{ ...group("a"), tolerations: [{ key: "k", operator: "Exists", value: "v" }] }],
      /\[0\]\.tolerations\[0\]\.value: a toleration/,
    ],
    [[{ ...group("a"), affinity: { podAffinity: {} } }], /\[0\]\.affinity/],
    [{ cpu: {} }, /expected array/],
    ["[", /not YAML/],
  ])("refuses %j", (content, message) => {
    expect(refusals(content).join("\n")).toMatch(message);
  });

  it("has a JSON Schema that names the three fields of an entry as required", () => {
    expect(nodeGroupsJsonSchema()).toMatchObject({
      type: "array",
      items: { required: ["slug", "display_name", "node_selector"], additionalProperties: false },
    });
  });
});
