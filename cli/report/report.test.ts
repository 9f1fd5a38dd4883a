import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type DeployedMap, mapSchema } from "../../plan/map/map-file.ts";
import { readMaps } from "./read-files.ts";
import { type ReportOptions, report } from "./report.ts";
import { readStacks } from "./stack/read-stacks.ts";
import { CANARY, DIGEST, OTHER, OUTPUTS, stateWith } from "./testing/state.ts";

let folder: string;
let printed: { stdout: string; stderr: string };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-report-"));
  printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      printed[name] += text;
      return true;
    });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const path = (...names: string[]) => join(folder, ...names);
function write(name: string, content: unknown): string {
  mkdirSync(join(path(name), ".."), { recursive: true });
  writeFileSync(path(name), typeof content === "string" ? content : JSON.stringify(content));
  return path(name);
}
const run = async (options: Partial<ReportOptions> = {}) => {
  printed = { stdout: "", stderr: "" };
  const code = await report(folder, { catalog: "catalog", jobs: 2, state: folder, ...options });
  return { code, ...printed };
};
const json = async (options: Partial<ReportOptions> = {}): Promise<DeployedMap> => {
  const { code, stdout, stderr } = await run({ ...options, json: true });
  expect([code, stderr]).toEqual([0, ""]);
  return mapSchema.parse(JSON.parse(stdout));
};

describe("the report of a sandbox", () => {
  beforeEach(() => void write("state/sandbox.json", stateWith()));

  it("is a page, or JSON of the published shape, and neither has a secret", async () => {
    const page = await run();
    expect(page.code).toBe(0);
    expect(page.stdout).toContain("<title>What is deployed where</title>");
    expect((await json()).stacks.map(({ stack, outputs }) => [stack, outputs?.things.length])).toEqual([
      ["sandbox", 10],
    ]);
    const out = [path("a.html"), path("a.json")];
    const ended = await run({ out, summary: path("summary.md") });
    expect(ended).toMatchObject({ code: 0, stdout: "" });
    expect(readFileSync(path("a.html"), "utf8")).toContain("Bell states");
    expect(mapSchema.parse(JSON.parse(readFileSync(path("a.json"), "utf8"))).version).toBe(1);
    expect(readFileSync(path("summary.md"), "utf8")).toContain("10 things · 2 held");
    for (const file of [...out, path("summary.md")]) expect(readFileSync(file, "utf8")).not.toContain(CANARY);
    expect(page.stdout).not.toContain(CANARY);
  });

  it("has the stacks of the Pulumi CLI's backend too, and leaves backups out", async () => {
    write("state/sandbox.json.bak", "{");
    const { deployment } = stateWith() as { deployment: object };
    write("pulumi/backend/.pulumi/stacks/lectern/staging.json", {
      version: 3,
      checkpoint: { latest: deployment },
    });
    expect((await json()).stacks.map(({ stack }) => stack)).toEqual(["sandbox", "staging"]);
  });

  it("has the history that earlier reports have, and what changed since", async () => {
    await run({ out: [path("reports/1.json")] });
    const { "course/bell": bell } = OUTPUTS.articles;
    const articles = { ...OUTPUTS.articles, "course/bell": { ...bell, fingerprint: OTHER } };
    write("state/sandbox.json", stateWith({ ...OUTPUTS, articles }));
    await run({ history: [path("reports")], out: [path("reports/2.json")] });
    const third = await json({ history: [path("reports")] });
    expect(third.stacks[0]?.history).toMatchObject([
      { kind: "changes", changes: [{ id: "course/bell", change: "updated", before: DIGEST, after: OTHER }] },
    ]);
  });

  it("has what a deployment and a drift run told of it, and of stacks that it can't see", async () => {
    const deployed = write("deployed.json", {
      ...{ ok: true, seconds: 9 },
      stacks: [
        {
          ...{ stack: "sandbox", environment: "sandbox", state: "deployed", seconds: 5 },
          ...{ ended: "2026-11-30T10:00:00.000Z", changes: { update: 1 } },
          live: [{ id: "course/bell", label: "Course bell", change: "updated" }],
        },
        {
          ...{ stack: "prod", environment: "prod", state: "not started", seconds: 0 },
          ...{ changes: {}, live: [] },
        },
      ],
    });
    const drift = write("drift.json", {
      ...{ ok: true, drift: true, begun: "2026-11-30T11:00:00.000Z", seconds: 3 },
      stacks: [
        {
          ...{ stack: "sandbox", environment: "sandbox", state: "drift", errors: [], seconds: 3 },
          differences: [
            {
              thing: "Hub campus/prod",
              change: "changed",
              object: "ConfigMap hub",
              field: "data.x",
              fate: "undone",
            },
            { thing: "RecommendedImage campus-lab", change: "gone", fate: "undone" },
            { thing: "Support campus", change: "gone", fate: "refresh" },
            { thing: "Namespace jupyterhub", change: "gone", fate: "refresh", manager: "kubectl" },
          ],
        },
      ],
    });
    const { stacks } = await json({ deployed, drift });
    expect(stacks.map(({ stack, history }) => [stack, history.length])).toEqual([
      ["prod", 0],
      ["sandbox", 1],
    ]);
    const [, sandbox] = stacks;
    expect(sandbox?.history[0]).toEqual({
      ...{
        at: "2026-11-30T10:00:00.000Z",
        begun: "2026-11-30T09:59:55.000Z",
        kind: "update",
        result: "succeeded",
      },
      ...{ counts: { update: 1 }, changes: [{ id: "course/bell", label: "Course bell", change: "updated" }] },
    });
    expect(sandbox?.drift?.differences.map(({ thing, what }) => [thing, what])).toEqual([
      ["hub/campus/prod", "ConfigMap hub: data.x was changed"],
      ["images/campus/lab", "it is gone"],
      ["support/campus", "it is gone"],
      ["Namespace jupyterhub", "it is gone"],
    ]);
  });

  it.each<[string, () => Partial<ReportOptions>, string]>([
    ["there is no state", () => ({ state: path("none") }), "no state of the sandbox"],
    ["a report is missing", () => ({ history: [path("none.json")] }), "can't be read"],
    [
      "a report is of a later version",
      () => ({ history: [write("r.json", { version: 2 })] }),
      "is of version 2",
    ],
    ["a report is something else", () => ({ history: [write("r.json", { version: 1 })] }), "r.json"],
    [
      "a state is damaged",
      () => ({ state: join(write("state/x.json", "{"), "../..") }),
      "the file is not a state",
    ],
    [
      "a drift document is of another command",
      () => ({ drift: write("d.json", { ok: true }) }),
      "lectern drift --json",
    ],
  ])("is none where %s, with what to do", async (_, options, message) => {
    const { code, stdout, stderr } = await run(options());
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  });
});

it("a folder of reports may have other files of the workflows in it", async () => {
  write("reports/a/deployed.json", { ok: true, stacks: [] });
  write("reports/report.json", { version: 1, made: "2026-11-30T00:00:00Z", stacks: [] });
  expect(await readMaps(path("reports"))).toHaveLength(1);
});

describe("the stacks of a project", () => {
  beforeEach(() => {
    for (const name of ["staging", "prod"]) write(`Pulumi.${name}.yaml`, "config: {}\n");
    write("catalog/kernels/python/kernel.yaml", "x: 1\n");
  });
  const now = () => "2026-11-30T12:00:00.000Z";
  const choice = { catalog: "catalog", jobs: 2 };

  it("are read without decrypting anything", async () => {
    const calls: string[] = [];
    const { read, unread } = await readStacks(folder, choice, now, async (args) => {
      calls.push(args.join(" "));
      return args[1] === "export" ? JSON.stringify(stateWith()) : "[]";
    });
    expect(unread).toEqual([]);
    expect(read.map(({ stack, complete }) => [stack, complete])).toEqual([
      ["staging", true],
      ["prod", true],
    ]);
    expect(calls.filter((call) => call.includes("secret"))).toEqual([]);
    expect(calls).toContain("stack export --stack prod");
  });

  it("are reported all the same where one can't be read", async () => {
    const call = async (args: readonly string[]) => {
      if (args.includes("prod")) return "no JSON";
      return args[1] === "export" ? JSON.stringify(stateWith()) : "[]";
    };
    const { read, unread } = await readStacks(folder, choice, now, call);
    expect(read.map(({ stack }) => stack)).toEqual(["staging"]);
    expect(unread).toEqual([
      {
        ...{ stack: "prod", environment: "prod" },
        failure: { at: now(), message: "`pulumi stack export` printed no state" },
      },
    ]);
  });
});
