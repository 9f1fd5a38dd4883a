import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { articlesSchema } from "../../studio/api/articles.ts";
import { LecternOnPulumi } from "../engine/lectern.ts";
import { findPulumi } from "../engine/programs.ts";
import { callSandbox, changesOf, report } from "../sandbox/command.ts";
import { requireService } from "../services/require.ts";
import { Institution, type Packed, packAll } from "./institution.ts";

// What an institution has: the packed packages in a folder of their own, one test after the other in one repository.
const CHECKOUT = resolve(import.meta.dirname, "../..");
const MINUTES = 60_000;

let folder: string;
let packed: Packed;
let institution: Institution;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lectern-package-"));
  packed = await packAll(folder);
  institution = await Institution.create(folder, packed);
  await institution.commit();
}, 10 * MINUTES);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A cluster with a hub of a chart in the catalog. */
function addHub(catalog: string): void {
  const files = {
    "charts/hub/Chart.yaml": "apiVersion: v2\nname: hub\nversion: 1.0.0\nappVersion: '5.4.0'\n",
    "clusters/east/cluster.yaml": "hubs:\n  - {name: staging, chart: hub, domain: staging.example.org}\n",
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(catalog, path)), { recursive: true });
    writeFileSync(join(catalog, path), text);
  }
}

const installed = (path = "") => join(institution.root, "node_modules/lectern", path);
const sandbox = async (...args: string[]) =>
  report({ code: 0, ...(await institution.lectern(["sandbox", ...args, "--json"])) });

it("the package holds JavaScript with declarations and source maps, and no tests", () => {
  const files = globSync("**/*.*", { cwd: installed() });
  expect(files.filter((file) => /\.ts$/.test(file) && !file.endsWith(".d.ts"))).toEqual([]);
  expect(files.filter((file) => /\.test\.|(^|\/)(testing|fixtures|test)\//.test(file))).toEqual([]);
  for (const file of ["index.js", "index.js.map", "index.d.ts"]) expect(files).toContain(file);
  expect(JSON.parse(readFileSync(installed("index.js.map"), "utf8")).sourcesContent).toHaveLength(1);
});

it("a new repository passes its own check, and its people's editors find the schemas", async () => {
  expect((await institution.npm("run", "-s", "check")).stdout).toMatch(
    /1 article and 1 kernel checked, no problems/,
  );
  const settings = readFileSync(join(institution.root, ".vscode/settings.json"), "utf8");
  const schemas = [...settings.matchAll(/"(\.\/node_modules\/[^"]+)"/g)].map(([, path]) => path ?? "");
  expect(schemas.length).toBeGreaterThan(5);
  expect(schemas.filter((path) => !existsSync(join(institution.root, path)))).toEqual([]);
});

it("a program of their own may use everything that the package exports", async () => {
  const program = `
    import program from "lectern";
    import { Blog, Cluster, Course, Gateway, Hub, ImagePrepuller, Kernel, RecommendedImage, Support } from "lectern/components";
    import { configSchema } from "lectern/configuration";
    import { commandLine } from "lectern/cli";
    import { shim } from "lectern/registry";
    import schema from "lectern/schema/course.schema.json" with { type: "json" };
    const all: readonly unknown[] = [
      Blog, Cluster, Course, Gateway, Hub, ImagePrepuller, Kernel, RecommendedImage, Support,
      configSchema, commandLine, shim, schema, program,
    ];
    const names: string[] = Object.keys(configSchema.shape);
    console.log(all.every((one) => one !== undefined), names.includes("catalog"));
  `;
  const file = join(institution.root, "own.ts");
  writeFileSync(file, program);
  try {
    await institution.npm("exec", "--", "tsc", "--resolveJsonModule");
    const { stdout } = await institution.npm("exec", "--", "node", "own.ts");
    expect(stdout).toBe("true true\n");
  } finally {
    rmSync(file);
  }
});

it("makes articles in the project, from any folder of it", async () => {
  await institution.npm("--prefix", ".", "exec", "--", "lectern", "new", "blog", "one-throw");
  expect(readdirSync(join(institution.root, "catalog/blogs"))).toEqual(["one-throw"]);
});

it("brings the studio's page built, and serves it over the repository's catalog", async () => {
  const studio = institution.start(["studio"]);
  try {
    const [invitation = ""] = await studio.printed(/http:\/\/127\.0\.0\.1:\d+\/\S+/);
    expect((await fetch(new URL("/", invitation), { redirect: "manual" })).status).toBe(403);
    const entered = await fetch(invitation, { redirect: "manual" });
    const cookie = (entered.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const get = (path: string) =>
      fetch(new URL(path, invitation), { headers: { cookie, "x-lectern-studio": "1" } });
    const page = await (await get("/")).text();
    const files = [...page.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+)"/g)].map(([, path = ""]) => path);
    expect(files.some((path) => path.endsWith(".js"))).toBe(true);
    for (const path of files) expect((await get(`/${path}`)).status, path).toBe(200);
    expect(articlesSchema.parse(await (await get("/api/articles")).json()).articles).toMatchObject([
      { kind: "course", slug: "welcome", problems: [] },
      { kind: "blog", slug: "one-throw" },
    ]);
    const notebook = await get("/api/articles/course/welcome/notebook/0");
    expect([notebook.status, await notebook.text()]).toEqual([
      200,
      expect.stringContaining("article-assets/page.css"),
    ]);
    expect((await get("/api/article-assets/page.css")).status).toBe(200);
  } finally {
    expect(await studio.end()).toBe(0);
  }
});

it("deploys on the sandbox, and finds nothing to do afterwards", { timeout: 5 * MINUTES }, async () => {
  const first = await sandbox("up");
  expect(changesOf(first)).toEqual(
    expect.arrayContaining([
      "create Article one-throw",
      "create Article welcome",
      "create Kernelspec python-basics",
    ]),
  );
  expect(existsSync(join(institution.root, ".lectern/state/sandbox.json"))).toBe(true);
  expect(changesOf(await sandbox("up", "--expect-no-changes"))).toEqual([]);
});

it("takes over what a clone has deployed on the sandbox", { timeout: 5 * MINUTES }, async () => {
  const catalog = join(folder, "catalog");
  cpSync(join(CHECKOUT, "test/upgrade/catalog"), catalog, { recursive: true });
  addHub(catalog);
  const place = ["--state", join(folder, "moved"), "--catalog", catalog];
  const clone = report(await callSandbox(["up", "--json", ...place]));
  const kinds = changesOf(clone).map((change) => change.split(" ")[1]);
  expect(kinds).toEqual(
    expect.arrayContaining(["Article", "DaemonSet", "ImageAlias", "Kernelspec", "Release"]),
  );
  const moved = await sandbox("up", ...place, "--expect-no-changes");
  expect(moved.summary.same).toBe(clone.summary.create);
});

const version = () => JSON.parse(readFileSync(installed("package.json"), "utf8")).version;

it("undoes an upgrade to a version that does not work", { timeout: 5 * MINUTES }, async () => {
  const files = ["package.json", "package-lock.json"];
  const before = files.map((file) => institution.read(file));
  const upgrade = institution.lectern(["upgrade", "--to", packed.broken, "--stack", "sandbox"]);
  await expect(upgrade).rejects.toThrow(
    /Lectern is 0\.0\.1 again; restored package-lock\.json, package\.json/,
  );
  expect(files.map((file) => institution.read(file))).toEqual(before);
  expect(version()).toBe("0.0.1");
});

const CLUSTER = "catalog/clusters/east/cluster.yaml";
const CONTEXTS = "  lectern:clusters:\n    east:\n      context: eastern\n";

it("undoes an upgrade that would change a resource, and names it", { timeout: 5 * MINUTES }, async () => {
  addHub(join(institution.root, "catalog"));
  await sandbox("up");
  institution.write("Pulumi.staging.yaml", `${institution.read("Pulumi.staging.yaml")}${CONTEXTS}`);
  const files = ["Pulumi.staging.yaml", CLUSTER, "package-lock.json", "package.json"];
  const before = files.map((file) => institution.read(file));
  // Staging's context becomes that of every stack of the cluster, so also the sandbox's.
  const upgrade = institution.lectern(["upgrade", "--to", packed.later, "--stack", "sandbox"]);
  const difference = "sandbox: would now update .*providers:kubernetes::east context\n";
  await expect(upgrade).rejects.toThrow(new RegExp(`${difference}[\\s\\S]*restored ${files.join(", ")}`));
  expect(files.map((file) => institution.read(file))).toEqual(before);
});

it("upgrades, adapts files, and proves that no resource changes", { timeout: 5 * MINUTES }, async () => {
  institution.write(CLUSTER, `provider: {context: eastern}\n${institution.read(CLUSTER)}`);
  await sandbox("up");
  const { stdout } = await institution.lectern(["upgrade", "--to", packed.later, "--stack", "sandbox"]);
  expect(stdout).toMatch(/Upgraded from 0\.0\.1 to 999\.0\.0\. No resource changes: the previews of sandbox/);
  expect(version()).toBe("999.0.0");
  expect(institution.read("Pulumi.staging.yaml")).not.toContain("lectern:clusters");
  expect(existsSync(join(institution.root, ".lectern/upgrade"))).toBe(false);
});

requireService("the real Pulumi", findPulumi, (cli) => {
  it("`pulumi new` makes the same repository", { timeout: 5 * MINUTES }, async () => {
    const { pulumi } = new LecternOnPulumi({ cli, catalog: "catalog", folder: join(folder, "new") });
    const [template, made] = [join(CHECKOUT, "templates/institution"), join(folder, "made")];
    const ended = await pulumi.call("new", template, "--generate-only", "--yes", "--dir", made);
    expect(ended.ok, ended.stderr).toBe(true);
    const filesIn = (root: string) => readdirSync(root, { recursive: true }).sort();
    expect(filesIn(made)).toEqual(filesIn(template));
    const program = /^name: lectern\n[\s\S]*\nmain: index\.ts$/m;
    expect(readFileSync(join(made, "Pulumi.yaml"), "utf8")).toMatch(program);
  });

  it("takes over what a clone has deployed with Pulumi, and upgrades it", {
    timeout: 10 * MINUTES,
  }, async () => {
    const catalog = join(institution.root, "catalog");
    // They need a Kubernetes.
    rmSync(join(catalog, "clusters"), { recursive: true });
    const place = (name: string) => ({
      ...{ cli, catalog, folder: join(folder, name), passphrase: "moved" },
      services: join(folder, "services"),
    });
    const clone = new LecternOnPulumi(place("clone"));
    const own = new LecternOnPulumi({ ...place("own"), project: institution.root });
    const made = await clone.run("up", "staging");
    expect(made.ok, made.stdout + made.stderr).toBe(true);
    const state = join(folder, "staging.json");
    await clone.pulumi.export("staging", state);
    await own.serve("staging", async () => {
      await own.pulumi.import("staging", state);
      for (const operation of ["preview", "up"] as const) {
        const options = ["--expect-no-changes", "--policy-pack", installed("policies")];
        const ended = await own.pulumi.run(operation, "staging", ...options);
        expect(ended.ok, ended.stdout + ended.stderr).toBe(true);
      }
      const args = ["upgrade", "--to", packed.earlier];
      const { stdout } = await institution.lectern(args, own.pulumi.environment);
      expect(stdout).toMatch(
        /No resource changes: the previews of staging are those of before, without a change/,
      );
      const ended = await own.pulumi.run("up", "staging", "--expect-no-changes");
      expect(ended.ok, ended.stdout + ended.stderr).toBe(true);
    });
    const urns = async ({ pulumi }: LecternOnPulumi) =>
      (await pulumi.resources("staging")).map(({ urn }) => urn).sort();
    expect(await urns(own)).toEqual(await urns(clone));
  });
});
