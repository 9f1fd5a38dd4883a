import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { testContext } from "../../../components/resource/testing/test-context.ts";
import type { GatewayWorld } from "../../gateway/gateway-world.ts";
import { temporaryFolder } from "../../testing/command-test.ts";
import { type ImportArticlesOptions, importArticles } from "./import-articles.ts";

const folder = temporaryFolder("import-articles");
const STACK = "config:\n  lectern:articles:\n    # The first one.\n    course/old:\n      customId: old-1\n";
let printed: string[];
let errors: string[];
let asked: string[];
beforeEach(() => {
  printed = [];
  errors = [];
  asked = [];
  write("project/Pulumi.prod.yaml", STACK);
  write("project/catalog/README.md", "");
  author("bell-states");
});

function write(path: string, content: string | object): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
}
const read = (path: string) => readFileSync(join(folder, "project", path), "utf8");

/** A repository of one author with one course, as the qBraid action publishes it. */
function author(name: string, title = "Bell states"): void {
  const lesson = {
    chapterFileName: "one.ipynb",
    baseFilePath: "notebooks/one.ipynb",
    kernelName: "python3",
    kernelId: "Python",
  };
  write(`${name}/course.json`, {
    courseName: title,
    courseDescription: "About two qubits.",
    visibility: "public",
    imageLink: { darkLogo: "", lightLogo: "" },
    tags: [],
    deployedTo: ["qbraid.com"],
    content: [{ chapterName: "One", chapterNumber: 1, ...lesson }],
  });
  const text = { cell_type: "markdown", id: "a", metadata: {}, source: "![A circuit](images/circuit.png)" };
  write(`${name}/notebooks/one.ipynb`, { cells: [text], metadata: {}, nbformat: 4, nbformat_minor: 5 });
  write(`${name}/notebooks/images/circuit.png`, "png");
  write(`${name}/drafts/two.ipynb`, "{}");
  write(`${name}/.github/workflows/deploy.yml`, "");
}

/** qBook, which has two articles. */
const world: Pick<GatewayWorld, "config" | "context" | "print" | "printError"> = {
  config: async () => ({
    "lectern:apiKey": "canary-key",
    "lectern:apiUrl": "https://api.example.org",
    "lectern:articles": JSON.stringify({ "course/old": { customId: "old-1" } }),
  }),
  context: (raw) =>
    testContext(Object.fromEntries(["apiKey", "apiUrl"].map((key) => [key, raw(key) ?? ""])), {
      fetch: async (input, init) => {
        const { pathname } = new URL(String(input instanceof Request ? input.url : input));
        asked.push(`${init?.method ?? "GET"} ${pathname}`);
        if (pathname === "/users/verify") return Response.json({ success: true, data: {} });
        const known = /\/status\/(old-1|bell-1)$/.test(pathname);
        return known
          ? Response.json({ status: "processed", qbookUrl: "https://qbook.example.org/bell" })
          : Response.json({ success: false, error: { code: "NOT_FOUND", message: "no" } }, { status: 404 });
      },
    }),
  print: (line) => void printed.push(line),
  printError: (line) => void errors.push(line),
};

const run = (options: Partial<ImportArticlesOptions> = {}) =>
  importArticles(
    {
      id: ["bell-1"],
      from: [join(folder, "bell-states")],
      type: "course",
      stack: "prod",
      catalog: "catalog",
      ...options,
    },
    join(folder, "project"),
    world,
  );
function untouched(): void {
  expect(existsSync(join(folder, "project/catalog/courses"))).toBe(false);
  expect(readdirSync(join(folder, "project/catalog"))).toEqual(["README.md"]);
  expect(read("Pulumi.prod.yaml")).toBe(STACK);
}

it("copies what belongs to an article, adopts its ID, and only asks qBook", async () => {
  expect(await run(), errors.join()).toBe(0);
  const copied = readdirSync(join(folder, "project/catalog/courses/bell-states"), { recursive: true });
  expect(copied.map(String).sort()).toEqual([
    "course.json",
    "notebooks",
    "notebooks/images",
    "notebooks/images/circuit.png",
    "notebooks/one.ipynb",
  ]);
  expect(read("Pulumi.prod.yaml")).toBe(`${STACK}    course/bell-states:\n      customId: bell-1\n`);
  expect(printed.join("\n")).toMatch(
    /bell-states: bell-1, processed, https:\/\/qbook\.example\.org\/bell\n.*left behind: drafts/,
  );
  expect(printed.join("\n")).toMatch(/No kernel of the catalog has the display name "Python"/);
  expect(asked.filter((call) => !call.startsWith("GET "))).toEqual([]);
});

it("prints one document with --json", async () => {
  expect(await run({ type: "blog", json: true })).toBe(0);
  expect(JSON.parse(printed.join(""))).toMatchObject({
    articles: [{ id: "blog/bell-states", customId: "bell-1", status: "processed", left: ["drafts"] }],
    unknownKernels: ["Python"],
  });
});

it("takes the title where the folder's name can't be one of the catalog", async () => {
  author("Course (final)", "Zustände à Bell");
  expect(await run({ from: [join(folder, "Course (final)")] }), errors.join()).toBe(0);
  expect(readdirSync(join(folder, "project/catalog/courses"))).toEqual(["zustande-a-bell"]);
});

it.each([
  [
    { from: [] },
    /--from: 1 ID is given with 0 folders: qBook gives no course\.json and no notebooks back\. Name for each --id/,
  ],
  [{ id: ["bell-1", "bell-1"] }, /bell-1 is given twice/],
  [{ id: ["gone-1"] }, /qBook has no article gone-1/],
  [{ id: ["old-1"] }, /old-1 is course\/old of the stack prod already/],
  [{ stack: "staging" }, /Pulumi\.staging\.yaml: there is no such file/],
])("refuses %j, and writes nothing", async (options, message) => {
  expect(await run(options)).toBe(1);
  expect(errors.join("\n")).toMatch(message);
  untouched();
});

it("writes nothing of any article where one of them can't be read, and names what is wrong", async () => {
  author("broken");
  write("broken/course.json", { courseName: "Broken" });
  expect(
    await run({ id: ["bell-1", "old-1"], from: [join(folder, "bell-states"), join(folder, "broken")] }),
  ).toBe(1);
  expect(errors.join("\n")).toMatch(/course\.json/);
  untouched();
});

it("overwrites no article of the catalog", async () => {
  write("project/catalog/courses/bell-states/course.json", "mine");
  expect(await run()).toBe(1);
  expect(errors.join()).toMatch(/catalog\/courses\/bell-states: the folder exists already/);
  expect(read("catalog/courses/bell-states/course.json")).toBe("mine");
  expect(read("Pulumi.prod.yaml")).toBe(STACK);
});
