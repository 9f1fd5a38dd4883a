import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CANARY, OTHER, OUTPUTS, stateWith } from "../../cli/report/testing/state.ts";
import { mapSchema } from "../../plan/map/map-file.ts";
import { runStep } from "./job.ts";

// The step Report as the workflows have it, in a project whose Pulumi CLI prints what a real one printed.
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-report-step-"));
  mkdirSync(join(folder, "bin"));
  write("bin/pulumi", `#!/bin/sh\necho "$*" >>"${folder}/asked"\ncat "${folder}/$2.json"\n`);
  write("package.json", {
    name: "teaching",
    scripts: { lectern: `"${process.execPath}" "${resolve(import.meta.dirname, "../../cli/lectern.mjs")}"` },
  });
  write("Pulumi.yaml", "name: lectern\nruntime: nodejs\nmain: index.ts\n");
  for (const stack of ["staging", "prod"]) write(`Pulumi.${stack}.yaml`, "config: {}\n");
  mkdirSync(join(folder, "catalog/kernels"), { recursive: true });
  const template = resolve(import.meta.dirname, "../../templates/institution/catalog/kernels/python-basics");
  mkdirSync(join(folder, "catalog/kernels/python-basics"));
  copyFileSync(join(template, "kernel.yaml"), join(folder, "catalog/kernels/python-basics/kernel.yaml"));
  write("export.json", stateWith());
  write("history.json", [
    {
      ...{ kind: "update", result: "succeeded", message: CANARY, config: { a: { value: CANARY } } },
      ...{
        startTime: "2026-11-29T07:59:00Z",
        endTime: "2026-11-29T08:00:00Z",
        resourceChanges: { create: 9 },
      },
    },
  ]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (path: string, content: unknown) =>
  writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content), {
    mode: 0o755,
  });
const read = (path: string) => readFileSync(join(folder, path), "utf8");

const PASSPHRASE = { "secrets.PULUMI_CONFIG_PASSPHRASE": "" };
const environmentOf = (environment: string) => ({
  ...PASSPHRASE,
  "github.job == 'production' && 'prod' || 'staging'": environment,
});
const step = (file: string, job: string, context: Readonly<Record<string, string>>) =>
  runStep(file, job, "Report", {
    ...{ folder, runner: join(folder, "runner"), context },
    environment: { PATH: `${join(folder, "bin")}:${process.env["PATH"]}` },
  });

it("a deployment and a drift run add up to one report, without a secret", async () => {
  write("deployed.json", {
    stacks: [
      {
        ...{
          stack: "staging",
          environment: "staging",
          state: "deployed",
          seconds: 60,
          changes: { create: 9 },
        },
        ended: "2026-11-29T08:00:01.000Z",
        live: [{ id: "course/bell", label: "Course bell", change: "created", title: "Bell states" }],
      },
    ],
  });
  const deployed = await step("deploy-stacks.yml", "staging", environmentOf("staging"));
  expect(deployed.code, deployed.printed).toBe(0);
  expect(deployed.summary).toContain("### Deployed: 10 things · 2 held");
  expect(read("asked")).not.toContain("prod");

  const { "course/bell": bell } = OUTPUTS.articles;
  const articles = { ...OUTPUTS.articles, "course/bell": { ...bell, fingerprint: OTHER } };
  write("export.json", stateWith({ ...OUTPUTS, articles }));
  write("drift.json", {
    begun: "2026-11-30T02:43:00.000Z",
    stacks: [
      {
        ...{ stack: "prod", environment: "prod", state: "drift", errors: [] },
        differences: [
          { thing: "Hub campus/prod", change: "changed", object: "ConfigMap hub", fate: "undone" },
        ],
      },
    ],
  });
  const drift = await step("drift.yml", "drift", PASSPHRASE);
  expect(drift.code, drift.printed).toBe(0);
  expect(drift.summary).toContain("1 drifted");

  const map = mapSchema.parse(JSON.parse(read("reports/report.json")));
  expect(map.stacks.map(({ stack, history, drift }) => [stack, history.length, drift?.state])).toEqual([
    ["prod", 1, "drift"],
    ["staging", 2, undefined],
  ]);
  // What the deployment told, and what changed since by another one that the history does not have.
  expect(map.stacks[1]?.history.map(({ changes }) => changes.map(({ id }) => id))).toEqual([
    ["course/bell"],
    ["course/bell"],
  ]);
  expect(read("report.html")).toContain("What is deployed where");
  for (const text of [read("report.html"), JSON.stringify(map), drift.summary, drift.printed, read("asked")])
    expect(text).not.toMatch(new RegExp(`${CANARY}|show-secrets`));
});

it("a stack that can't be read fails the step, which fails no deployment, and the others are reported", async () => {
  write("deployed.json", { stacks: [] });
  write("export.json", "no state");
  const { code, printed } = await step("deploy-stacks.yml", "production", environmentOf("prod"));
  expect(code).toBe(1);
  expect(printed).toContain("The stack prod could not be read");
  expect(existsSync(join(folder, "reports/report.json"))).toBe(true);
});
