import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { DEFAULTS, type InputName, variableOf } from "./input-reader.ts";
import { readInputs } from "./inputs.ts";

const FILE = join(import.meta.dirname, "../../../action.yml");
const ACTION = parse(readFileSync(FILE, "utf8"));

const EXAMPLES = join(import.meta.dirname, "../../../examples");

type Jobs = Readonly<Record<string, { readonly steps: readonly Step[] }>>;
interface Step {
  readonly uses?: string;
  readonly with?: Partial<Record<InputName, string>>;
}

const given = (inputs: Partial<Record<InputName, string>>) =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [variableOf(name as InputName), value]));

const GATEWAY = "{url: http://127.0.0.1:1, hosts: [{local: true}], specsFolder: /k, restart: {mode: none}}";
const KERNEL = {
  "action-type": "kernel",
  "kernel-name": "k",
  "kernel-image": "a/b:1",
  gateway: GATEWAY,
} as const;

function messageOf(inputs: Partial<Record<InputName, string>>): string {
  try {
    readInputs(given(inputs));
  } catch (error) {
    return String(error);
  }
  return "";
}

describe("action.yml", () => {
  it("has the inputs and defaults that the command reads, and hands each over in its variable", () => {
    const defaults = Object.entries<{ default: string }>(ACTION.inputs).map(([name, one]) => [
      name,
      one.default,
    ]);
    expect(Object.fromEntries(defaults)).toEqual(DEFAULTS);
    const { env } = ACTION.runs.steps.at(-1);
    for (const name of Object.keys(DEFAULTS) as InputName[]) {
      expect(env[variableOf(name)]).toBe(`\${{ inputs.${name} }}`);
    }
  });

  it("keeps the inputs and outputs of the qBraid action", () => {
    expect(ACTION.inputs).toMatchObject({
      "course-json-path": { default: "course.json" },
      "article-type": { default: "course" },
      "force-duplicate-questions": { default: "false" },
      draft: { default: "false" },
      "max-poll-attempts": { default: "20" },
      "poll-interval-seconds": { default: "15" },
      "max-consecutive-errors": { default: "5" },
      mode: { default: "create" },
    });
    expect(Object.keys(ACTION.outputs)).toEqual(
      expect.arrayContaining(["course_name", "course-custom-id", "qbook_url"]),
    );
  });

  it("puts no text of others into a script", () => {
    for (const { run } of ACTION.runs.steps) expect(run).not.toContain("${{");
  });
});

describe.each(globSync("*.yml", { cwd: EXAMPLES }))("the example %s", (name) => {
  const jobs: Jobs = parse(readFileSync(join(EXAMPLES, name), "utf8")).jobs;
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  it("gives inputs that go together", () => {
    const [step, ...others] = steps.filter(({ uses }) => uses?.startsWith("my-organization/lectern@"));
    expect(others).toEqual([]);
    expect(Object.keys(DEFAULTS)).toEqual(expect.arrayContaining(Object.keys(step?.with ?? {})));
    expect(messageOf(step?.with ?? {})).toBe("");
  });

  it("names the actions of others by the hash of a commit", () => {
    const others = steps.flatMap(({ uses = "" }) => (uses.startsWith("actions/") ? [uses] : []));
    expect(others.filter((uses) => !/@[0-9a-f]{40}$/.test(uses))).toEqual([]);
  });
});

describe("inputs", () => {
  it.each<[string, Partial<Record<InputName, string>>]>([
    ["create a course", { "api-key": "k" }],
    ["update a course", { "api-key": "k", mode: "update", "course-custom-id": "c-1" }],
    ["create a blog", { "api-key": "k", "article-type": "blog" }],
    ["update a blog", { "api-key": "k", "article-type": "blog", mode: "update", "course-custom-id": "c-1" }],
    ["create a kernel", { ...KERNEL, "kernel-display-name": "K" }],
    ["update a kernel", { ...KERNEL, mode: "update" }],
    [
      "update a course that the backend knows",
      { "api-key": "k", mode: "update", "backend-url": "file:///b" },
    ],
    ["name qBook's key with a kernel, as older workflows do", { ...KERNEL, mode: "update", "api-key": "k" }],
  ])("may %s", (_, inputs) => {
    expect(messageOf(inputs)).toBe("");
  });

  it.each<[Partial<Record<InputName, string>>, InputName[]]>([
    [{}, ["api-key"]],
    [{ "api-key": "k", mode: "update" }, ["course-custom-id"]],
    [{ "api-key": "k", "course-custom-id": "c-1" }, ["course-custom-id"]],
    [{ "api-key": "k", mode: "update", "course-custom-id": "a b" }, ["course-custom-id"]],
    [{ "api-key": "k", "kernel-name": "n", gateway: GATEWAY }, ["kernel-name", "gateway"]],
    [{ "action-type": "kernel" }, ["kernel-name", "kernel-display-name", "kernel-image", "gateway"]],
    [
      { ...KERNEL, mode: "update", "article-type": "blog", "course-custom-id": "c" },
      ["article-type", "course-custom-id"],
    ],
    [{ ...KERNEL, mode: "update", "kernel-name": "../x" }, ["kernel-name"]],
    [{ ...KERNEL, mode: "update", gateway: "[1]" }, ["gateway"]],
    [
      { "action-type": "kernal", mode: "crate", "article-type": "bloc" },
      ["action-type", "mode", "article-type", "api-key"],
    ],
    [{ "api-key": "k", "course-json-path": "../course.json" }, ["course-json-path"]],
    [
      { "api-key": "k", "max-poll-attempts": "0", "poll-interval-seconds": "x", draft: "maybe" },
      ["max-poll-attempts", "poll-interval-seconds", "draft"],
    ],
  ])("refuses %j, everything at once and with the matrix", (inputs, names) => {
    const message = messageOf(inputs);
    for (const name of names) expect(message).toContain(`${name}: `);
    expect(message).toContain("The inputs that go together:");
    expect(message.match(/kernel {7}update/g)).toHaveLength(1);
  });

  it("repeats no value in a message, as it may be a secret in the wrong place", () => {
    expect(messageOf({ "api-key": "", mode: "canary", config: "canary" })).not.toContain("canary");
  });
});
