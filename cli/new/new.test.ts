import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { readClusterFiles } from "../../components/cluster/cluster-files.ts";
import { validate } from "../validate/validate.ts";
import { create, type Kind, type NewOptions } from "./new.ts";

let catalog: string;
let out: string[];
let err: string[];
beforeEach(() => {
  catalog = mkdtempSync(join(tmpdir(), "lectern-new-"));
  [out, err] = [[], []];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(catalog, { recursive: true });
});

const make = (kind: Kind, name: string, options: NewOptions = {}) =>
  create(kind, name, { catalog, ...options });
const read = (path: string): unknown => JSON.parse(readFileSync(join(catalog, path), "utf8"));

it("a new cluster, a new kernel, and a course and a blog that run on it, pass validation as they are", async () => {
  expect(await make("kernel", "python-dice", { title: "Python for Dice" })).toBe(0);
  expect(await make("course", "fair-dice")).toBe(0);
  expect(await make("cluster", "campus")).toBe(0);
  expect(await make("blog", "one-throw", { title: "One “throw”: C:\\dice" })).toBe(0);
  const printed: string[] = [];
  const printer = { out: (text: string) => void printed.push(text), err: vi.fn(), pretty: false };
  expect(await validate([catalog], {}, printer)).toBe(0);
  expect(printed.join("")).toMatch(/^2 articles, 1 kernel and 1 cluster checked, no problems found/);
  expect(read("courses/fair-dice/course.json")).toMatchObject({
    courseName: "Fair dice",
    content: [{ kernelId: "Python for Dice", kernelName: "python-dice" }],
  });
});

it.each([
  ["hub, with the support of the cluster", ["hub", "lab", "support"], ["hub", "hub"], "support"],
  ["the only one", ["lab"], ["lab", "lab"], undefined],
])("a new cluster uses the chart of the catalog: %s", async (_, charts, hubs, support) => {
  for (const chart of charts) {
    mkdirSync(join(catalog, "charts", chart), { recursive: true });
    const content = `apiVersion: v2\nname: ${chart}\nversion: 1.0.0\n`;
    writeFileSync(join(catalog, "charts", chart, "Chart.yaml"), content);
  }
  expect(await make("cluster", "campus")).toBe(0);
  const written = parse(readFileSync(join(catalog, "clusters/campus/cluster.yaml"), "utf8"));
  expect(written.hubs.map(({ chart }: { chart: string }) => chart)).toEqual(hubs);
  expect(written.support?.chart).toBe(support);
  expect(written.provider).toEqual({ context: "campus" });
  const { declaration } = await readClusterFiles(join(catalog, "clusters/campus"));
  expect(declaration?.hubs.map(({ id, provenBy }) => [id, provenBy])).toEqual([
    ["campus/staging", []],
    ["campus/prod", ["campus/staging"]],
  ]);
});

it("a new cluster names Zero to JupyterHub where the catalog has no chart", async () => {
  expect(await make("cluster", "campus")).toBe(0);
  const { declaration } = await readClusterFiles(join(catalog, "clusters/campus"));
  expect(declaration?.hubs[0]?.chart).toMatchObject({ name: "jupyterhub", version: "4.4.0" });
});

it("says what it made and what comes next, in text and in JSON", async () => {
  await make("course", "fair-dice");
  expect(out.join("")).toContain(`+ ${join(catalog, "courses/fair-dice/course.json")}\n`);
  expect(out.join("")).toContain(`npx lectern validate ${join(catalog, "courses/fair-dice")}\n`);
  out.length = 0;
  await make("kernel", "python", { json: true });
  expect(JSON.parse(out.join(""))).toEqual({
    kind: "kernel",
    folder: join(catalog, "kernels/python"),
    files: ["kernel.yaml", "image/Dockerfile", "image/requirements.txt"],
  });
});

it.each<[string, Kind, string, NewOptions, RegExp]>([
  ["a name that is no folder's", "course", "Fair Dice", {}, /"Fair Dice" can't be the name of a course/],
  ["a name that leaves the catalog", "course", "../x", {}, /can't be the name/],
  [
    "a kernel that is not declared",
    "blog",
    "walk",
    { kernel: "Python for Dise" },
    /Did you mean "Python for Dice"\?/,
  ],
  ["a name that is taken", "kernel", "python-dice", {}, /kernels\/python-dice exists already/],
])("refuses %s, and writes nothing", async (_, kind, name, options, message) => {
  await make("kernel", "python-dice", { title: "Python for Dice" });
  expect(await make(kind, name, options)).toBe(1);
  expect(err.join("")).toMatch(message);
  expect(existsSync(join(catalog, "courses"))).toBe(false);
  expect(existsSync(join(catalog, "blogs"))).toBe(false);
});
