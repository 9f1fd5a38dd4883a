import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { parse } from "yaml";
import { readCalendar } from "../../components/calendar/read-calendar.ts";
import { readClusterFiles } from "../../components/cluster/cluster-files.ts";
import { capturePrinted, temporaryFolder } from "../testing/command-test.ts";
import { validate } from "../validate/validate.ts";
import { create, type Kind, type NewOptions } from "./new.ts";

const catalog = temporaryFolder("new");
const { out, err } = capturePrinted();

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

it("a new event is a lecture of the catalog's hub, else of its course, and passes validation as it is", async () => {
  expect(await make("event", "algebra")).toBe(1);
  expect(err.splice(0).join("")).toMatch(/has no hub and no course .*`lectern new cluster NAME`/);
  const now = Date.parse("2026-10-01T12:00Z");
  expect(await make("course", "fair-dice")).toBe(0);
  expect(await create("event", "dice-practice", { catalog }, now)).toBe(0);
  expect(await make("cluster", "campus")).toBe(0);
  expect(await create("event", "algebra", { catalog, title: 'A "first" lecture' }, now)).toBe(0);
  expect(out.join("")).toContain(
    `npx lectern validate ${catalog}\n  npx lectern calendar --catalog ${catalog}\n`,
  );
  const [algebra, practice, ...others] = await readCalendar(join(catalog, "calendar"));
  expect(others).toEqual([]);
  expect(algebra).toMatchObject({ id: "algebra", title: 'A "first" lecture', hub: "campus/prod", people: 0 });
  expect(practice).toMatchObject({ id: "dice-practice", title: "Dice practice", course: "fair-dice" });
  // The first Monday that is two weeks away.
  const start = Date.UTC(2026, 9, 19, 9);
  expect(algebra).toMatchObject({ start, end: start + 2 * 3_600_000 });
  // What is only suggested is right, too.
  const file = join(catalog, "calendar/algebra.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(/# (people|profile|freeze):/g, "$1:"));
  const [filled] = await readCalendar(join(catalog, "calendar"));
  expect(filled).toMatchObject({ people: 300, profile: expect.any(String) });
});

it.each(["2026", "1e3", "null", "true", "0x1f"])("a new event may have the name %s", async (name) => {
  await make("course", "101");
  expect(await make("event", name)).toBe(0);
  expect(await readCalendar(join(catalog, "calendar"))).toMatchObject([{ id: name, course: "101" }]);
});

it("refuses an event whose ID the calendar has already, and names the file that has it", async () => {
  await make("course", "fair-dice");
  await make("event", "algebra");
  const folder = join(catalog, "calendar");
  const autumn = readFileSync(join(folder, "algebra.yaml"), "utf8");
  writeFileSync(join(folder, "autumn.yml"), autumn.replaceAll("algebra", "analysis"));
  expect(await make("event", "analysis")).toBe(1);
  expect(err.join("")).toMatch(
    /calendar\/autumn\.yml: the calendar already has an event analysis\. Choose another name/,
  );
  expect(existsSync(join(folder, "analysis.yaml"))).toBe(false);
  // What is wrong elsewhere is reported by validation, and keeps nobody from writing another file.
  writeFileSync(join(folder, "broken.yaml"), "events: [");
  expect(await make("event", "geometry")).toBe(0);
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
  ["a name that is no event's ID", "event", "algebra.1", {}, /"algebra\.1" can't be the name of an event/],
  ["a name that is taken", "kernel", "python-dice", {}, /kernels\/python-dice exists already/],
])("refuses %s, and writes nothing", async (_, kind, name, options, message) => {
  await make("kernel", "python-dice", { title: "Python for Dice" });
  expect(await make(kind, name, options)).toBe(1);
  expect(err.join("")).toMatch(message);
  expect(existsSync(join(catalog, "courses"))).toBe(false);
  expect(existsSync(join(catalog, "blogs"))).toBe(false);
});
