import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const REPOSITORY = join(import.meta.dirname, "../..");
const CONFIG = ".dependency-cruiser.cjs";
const RULES = (createRequire(import.meta.url)(join(REPOSITORY, CONFIG)) as Violations).forbidden;

/** The part of the configuration that names the rules. */
interface Violations {
  readonly forbidden: readonly { readonly name: string }[];
}

/** What breaks a rule: importing file and specifier. What a file imports relatively is made beside it. */
const FORBIDDEN: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  "no-circular": [["stacks/circle.ts", "./circle.ts"]],
  "not-to-unresolvable": [["stacks/lost.ts", "no-such-package"]],
  "components-know-no-host": ["sandbox", "cli", "studio", "plan", "stacks"].map((room) => [
    `components/article/knows-${room}.ts`,
    `../../${room}/target.ts`,
  ]),
  "component-tests-know-no-program": [
    ["components/article/knows.test.ts", "../../stacks/target.ts"],
    ["components/article/testing/knows.ts", "../../../cli/target.ts"],
  ],
  "provider-is-the-floor": [
    ["components/http/climbs.ts", "../kernel/target.ts"],
    ["components/problem/climbs.ts", "../kernel/target.ts"],
    ["components/resource/climbs.ts", "../kernel/target.ts"],
  ],
  "stacks-know-no-tools": ["sandbox", "cli", "studio", "plan"].map((room) => [
    `stacks/knows-${room}.ts`,
    `../${room}/target.ts`,
  ]),
  "plan-knows-no-engine": [["plan/knows.ts", "../sandbox/target.ts"]],
  "policies-know-no-tools": ["sandbox", "cli", "studio", "plan"].map((room) => [
    `policies/knows-${room}.ts`,
    `../${room}/target.ts`,
  ]),
  "cli-and-sandbox-stay-apart": [["cli/knows.ts", "../sandbox/target.ts"]],
  "action-takes-the-engine-alone": [["cli/action/run.ts", "../../sandbox/services/target.ts"]],
  "prove-takes-the-gateway-alone": [["cli/prove/sandbox-gateway.ts", "../../sandbox/engine/target.ts"]],
  "no-test-code-in-the-product": [
    ["stacks/tested.ts", "../components/article/testing/target.ts"],
    ["stacks/fixed.ts", "../components/article/fixtures/target.ts"],
    ["stacks/tests.ts", "../test/target.ts"],
  ],
  "studio-is-called-by-its-command": [
    ["cli/knows-studio.ts", "../studio/target.ts"],
    ["sandbox/knows-studio.ts", "../studio/target.ts"],
  ],
  "studio-api-knows-neither-side": [
    ["studio/api/knows-server.ts", "../server/target.ts"],
    ["studio/api/knows-web.ts", "../web/target.ts"],
  ],
  "studio-server-knows-no-page": [["studio/server/knows.ts", "../web/target.ts"]],
  "page-knows-no-server": [["studio/web/knows.ts", "../server/target.ts"]],
  "page-runs-in-a-browser": [["studio/web/reads.ts", "node:fs"]],
  "page-has-its-own-packages": [["studio/web/borrows.ts", "vitest"]],
  "no-dev-dependency-in-the-product": [["stacks/develops.ts", "vitest"]],
  "package-has-a-row": [["stacks/borrows.ts", "semver"]],
  ...packageCases(),
};

/** Every package with a row is forbidden to the page, which has none. */
function packageCases(): typeof FORBIDDEN {
  const entry: Readonly<Record<string, string>> = {
    "google-protobuf": "google-protobuf/google/protobuf/struct_pb.js",
    "@pulumi/pulumi/proto": "@pulumi/pulumi/proto/engine_pb.js",
    "@pulumi/kubernetes": "@pulumi/kubernetes/provider.js",
  };
  const packages = RULES.map(({ name }) => name)
    .filter((name) => name.startsWith("package-") && name !== "package-has-a-row")
    .map((name) => name.slice("package-".length));
  const cases = packages.map((name) => [
    `package-${name}`,
    [[`studio/${name.replace(/\W+/g, "-")}.ts`, entry[name] ?? name] as const],
  ]);
  const provider = ["components/article/article-provider.ts", "@pulumi/pulumi"] as const;
  const all = Object.fromEntries(cases) as typeof FORBIDDEN;
  return { ...all, "package-@pulumi/pulumi": [...(all["package-@pulumi/pulumi"] ?? []), provider] };
}

let broken: ReadonlySet<string>;
beforeAll(async () => {
  broken = await violations();
});

let tree: string;
afterAll(() => rmSync(tree, { recursive: true }));

it("has a case for each rule", () => {
  expect(Object.keys(FORBIDDEN).sort()).toEqual(RULES.map(({ name }) => name).sort());
});

it.each(Object.entries(FORBIDDEN))(
  "%s fails for a forbidden import, and no other rule does",
  (rule, cases) => {
    const files = cases.map(([file]) => file);
    const found = [...broken].filter((line) => files.some((file) => line.endsWith(` ${file}`)));
    expect(found.sort()).toEqual(files.map((file) => `${rule} ${file}`).sort());
  },
);

/** Checks a small tree with every forbidden import. @returns `rule file`, once each */
async function violations(): Promise<ReadonlySet<string>> {
  tree = mkdtempSync(join(tmpdir(), "lectern-rules-"));
  for (const file of [CONFIG, "package.json", "tsconfig.json"])
    cpSync(join(REPOSITORY, file), join(tree, file));
  symlinkSync(join(REPOSITORY, "node_modules"), join(tree, "node_modules"));
  const sources = Object.values(FORBIDDEN).flat();
  for (const [file, specifier] of sources) {
    if (specifier.startsWith(".")) write(join(dirname(file), specifier), "export {};\n");
  }
  for (const [file, specifier] of sources) write(file, sourceThatImports(specifier));
  const program = join(REPOSITORY, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const args = [program, "--config", CONFIG, "--output-type", "json", "."];
  const run = promisify(execFile)(process.execPath, args, { cwd: tree, maxBuffer: 2 ** 26 });
  const { stdout } = await run.catch((failure) => failure as { stdout: string });
  const { summary } = JSON.parse(stdout) as Cruise;
  return new Set(summary.violations.map(({ rule, from }) => `${rule.name} ${from}`));
}

/** The part of dependency-cruiser's answer that names what is broken. */
interface Cruise {
  readonly summary: {
    readonly violations: readonly { readonly rule: { readonly name: string }; readonly from: string }[];
  };
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text);
}

/** A package of types is imported for its types. */
const sourceThatImports = (specifier: string) =>
  specifier === "@secretlint/types"
    ? `export type * from "${specifier}";\n`
    : `export * from "${specifier}";\n`;
