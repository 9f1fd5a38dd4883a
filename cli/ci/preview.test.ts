import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PROJECT } from "../plan/testing/project.ts";
import { capturePrinted, temporaryFolder } from "../testing/command-test.ts";
import { previewStacks } from "./preview.ts";

const folder = temporaryFolder("previews");
const { out, err } = capturePrinted();
const OUTPUT = () => join(folder, "previews");
const read = (path: string) => readFileSync(join(folder, path), "utf8");

const urn = (stack: string) => `urn:pulumi:${stack}::lectern::x:y/lectern:Article::bell`;
const preview = (stack: string, op = "update") =>
  JSON.stringify({
    steps: [
      {
        op,
        urn: urn(stack),
        oldState: { inputs: { fingerprint: "canary-1" } },
        newState: { inputs: { fingerprint: "canary-2" } },
      },
    ],
    changeSummary: { [op]: 1 },
  });

/** A CLI that prints, per stack, what a test says. */
function pulumi(
  answers: Readonly<
    Record<string, { readonly stdout?: string; readonly stderr?: string; readonly code?: number }>
  >,
) {
  for (const [stack, { stdout = "", stderr = "", code = 0 }] of Object.entries(answers)) {
    writeFileSync(join(folder, `${stack}.out`), stdout);
    writeFileSync(join(folder, `${stack}.err`), stderr);
    writeFileSync(join(folder, `${stack}.code`), String(code));
  }
  const script = [
    "#!/bin/sh",
    `echo "$*" >>${folder}/asked`,
    `cat "${folder}/$3.out"; cat "${folder}/$3.err" >&2; exit "$(cat "${folder}/$3.code")"`,
  ];
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/pulumi"), script.join("\n"), { mode: 0o755 });
  vi.stubEnv("PATH", `${join(folder, "bin")}:${process.env["PATH"]}`);
}

const ALL = {
  ...PROJECT,
  "Pulumi.prod-campus.yaml":
    "config:\n  lectern:environment: prod\n  lectern:stagingStack: staging\n  lectern:scope: {clusters: [campus]}\n",
  "Pulumi.prod.yaml": "config:\n  lectern:scope: {articles: true, kernels: true}\n",
};

beforeEach(() => {
  for (const [name, content] of Object.entries(ALL)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  vi.stubEnv("GITHUB_OUTPUT", join(folder, "outputs"));
  vi.stubEnv("GITHUB_STEP_SUMMARY", join(folder, "summary"));
});
afterEach(() => void vi.unstubAllEnvs());

const run = (more: { stacks?: string; assumeStaging?: boolean } = {}) =>
  previewStacks(folder, {
    environment: "prod",
    stacks: '"all"',
    jobs: 1,
    catalog: "catalog",
    output: OUTPUT(),
    ...more,
  });

it("writes views, plans and digests of an environment's stacks, and no value of a state", async () => {
  pulumi({ prod: { stdout: preview("prod") }, "prod-campus": { stdout: preview("prod-campus", "same") } });
  expect(await run(), err.join("")).toBe(0);
  expect(readdirSync(OUTPUT()).sort()).toEqual(["plan.md", "plans", "views"]);
  expect(readdirSync(join(OUTPUT(), "plans")).sort()).toEqual(["prod-campus.json", "prod.json"]);
  const outputs = read("outputs");
  expect(outputs).toMatch(/^changed=true\napproval=prod [0-9a-f]{16}\ndigests=prod/m);
  expect(outputs).toMatch(/^digests=(prod(-campus)?=[0-9a-f]{64},?){2}$/m);
  expect(outputs).toMatch(/^plans=.*prod=plans\/prod\.json/m);
  expect(read("summary")).toContain("Production: 1 to update");
  const texts = [
    "previews/plan.md",
    "previews/views/prod.json",
    "previews/plans/prod.json",
    "outputs",
    "summary",
  ];
  expect(texts.map(read).join("") + out.join("")).not.toContain("canary");
  expect(read("asked")).not.toContain("assumeStaging");
});

it("says that nothing is to approve where no stack changes", async () => {
  pulumi({
    prod: { stdout: preview("prod", "same") },
    "prod-campus": { stdout: preview("prod-campus", "same") },
  });
  expect(await run()).toBe(0);
  expect(read("outputs")).toMatch(/^changed=false\napproval=\n/);
});

it("previews the stacks that are asked for, production as if staging had passed", async () => {
  pulumi({ prod: { stdout: preview("prod") } });
  expect(await run({ stacks: '["prod", "staging", "prod-none"]', assumeStaging: true })).toBe(0);
  expect(read("asked")).toBe(
    "preview --stack prod --non-interactive --config lectern:assumeStaging=true --json --show-sames\n",
  );
});

it("fails where a preview does, and leaves what the comment says of it", async () => {
  const failed = '{"steps": [], "diagnostics": [{"severity": "error", "message": "the gateway is away"}]}';
  pulumi({
    prod: { stderr: "error: no stack named 'prod' found.\n", code: 255 },
    "prod-campus": { stdout: failed, code: 1 },
  });
  expect(await run()).toBe(1);
  expect(read("previews/views/prod.json")).toBe("error: no stack named 'prod' found\n");
  expect(read("previews/plan.md")).toContain("the gateway is away");
  expect(out.join("")).toMatch(/^2 previewed, 2 failed/);
});

it("names the policies that a preview breaks, of which its document says nothing", async () => {
  const text = [
    "Policies:",
    "    ❌ lectern@v0.1.0 (local: policies)",
    "        - [mandatory]  pinned-charts  (kubernetes:helm.sh/v3:Release: campus/prod)",
    "          canary: a message can have a value",
  ].join("\n");
  const script = `case "$*" in *--json*) echo '{"steps": []}';; *) cat <<'END'\n${text}\nEND\n;; esac; exit 255`;
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/pulumi"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv("PATH", `${join(folder, "bin")}:${process.env["PATH"]}`);
  expect(await run({ stacks: '["prod"]' })).toBe(1);
  expect(read("previews/views/prod.json")).toBe("error: the policy pinned-charts is broken by campus/prod\n");
});

it("says so where there is no CLI", async () => {
  vi.stubEnv("PATH", join(folder, "nothing"));
  expect(await run({ stacks: '["prod"]' })).toBe(1);
  expect(read("previews/views/prod.json")).toContain("ENOENT");
});
