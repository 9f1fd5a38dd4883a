import fc from "fast-check";
import { expect, it } from "vitest";
import { PLAN_VERSION, type RunReport, type Step } from "../model.ts";
import { columnsOf, widthOf, wrapped } from "./layout.ts";
import { planLines, resultLines } from "./report.ts";

const STACK = "urn:pulumi:sandbox::lectern::pulumi:pulumi:Stack::lectern-sandbox";
const URL_OF_COURSE = "http://127.0.0.1:46321/learn/bell-states-and-entanglement-1776d300";

it("breaks no word and loses none, however narrow the terminal is", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^\S{1,20}$/), { minLength: 1 }), fc.nat(60), (words, columns) => {
      const lines = wrapped(`  ${words.join(" ")}`, columns, 4);
      expect(lines.flatMap((line) => line.trim().split(" "))).toEqual(words);
      for (const line of lines)
        expect(line.trim().includes(" ") ? widthOf(line) : 0).toBeLessThanOrEqual(columns);
    }),
  );
});

it("keeps the spaces within a line, which align what is in it", () => {
  expect(wrapped("  12:3  ✗ a long message that goes on", 20, 10)).toEqual([
    "  12:3  ✗ a long",
    "          message",
    "          that goes",
    "          on",
  ]);
});

it("has the columns of a terminal, and no limit in a pipe or where a terminal tells none", () => {
  expect(columnsOf({ isTTY: true, columns: 80 })).toBe(80);
  expect(columnsOf({ columns: 80 })).toBe(Number.POSITIVE_INFINITY);
  expect(columnsOf({ isTTY: true, columns: 0 })).toBe(Number.POSITIVE_INFINITY);
});

it.each([50, 80, 120])("a plan and a result at %i columns break no row and no URL", (columns) => {
  const lines = [...planLines(RUN, columns), ...resultLines(RUN, columns)];
  // Only what is one word may be wider, and then it has the line to itself.
  const broken = lines.filter((line) => widthOf(line) > columns && /\S {1,}\S/.test(line.trim()));
  expect(broken).toEqual([]);
  expect(lines.some((line) => line.includes(URL_OF_COURSE))).toBe(true);
});

it("where columns are few, the sign says what happens, and details follow below", () => {
  expect(planLines(RUN, 50)).toEqual([
    "",
    "Plan",
    "  ~ Course bell-states",
    "      parts[\"chapter 2 'Two qubits'",
    '      notebooks/02-two-qubits.ipynb"],',
    "      fingerprint, title",
    "  = ImagePrepuller campus",
    "    + DaemonSet campus-prepull-on-high-memory",
    "",
    "Plan: 1 to create, 1 to update, 1 unchanged.",
  ]);
});

function step(op: Step["op"], type: string, name: string, parent: string, changed: string[] = []): Step {
  const chain = parent === STACK ? type : `${parent.split("::")[2]}$${type}`;
  return { op, type, name, parent, changed, urn: `urn:pulumi:sandbox::lectern::${chain}::${name}` };
}

function steps(): Step[] {
  const prepuller = step("same", "lectern:cluster:ImagePrepuller", "campus", STACK);
  const course = step("same", "lectern:article:Course", "bell-states", STACK);
  return [
    prepuller,
    step("create", "kubernetes:apps/v1:DaemonSet", "campus-prepull-on-high-memory", prepuller.urn),
    course,
    step("update", "pulumi-nodejs:dynamic/lectern:Article", "bell-states", course.urn, [
      "parts[\"chapter 2 'Two qubits' notebooks/02-two-qubits.ipynb\"]",
      "fingerprint",
      "title",
    ]),
  ];
}

const RUN: RunReport = {
  version: PLAN_VERSION,
  operation: "preview",
  ok: true,
  steps: steps(),
  summary: { create: 1, update: 1 },
  diagnostics: [],
  progress: [],
  outputs: {
    articles: { "course/bell-states": { title: "Bell states and entanglement", url: URL_OF_COURSE } },
    images: { "campus/gpu": [], "campus/science": [] },
  },
};
