import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LecternError } from "../../problem/problem.ts";
import { readLocalChart } from "./local-chart.ts";

const WHOLE = {
  "Chart.yaml": "apiVersion: v2\nname: hub\nversion: 1.2.3\nappVersion: '5.5'\n",
  "values.yaml": "image: {name: a, tag: b}\n",
  "values.schema.json": '{"type": "object"}\n',
  "templates/hub.yaml": "kind: ConfigMap\n",
};

let charts: string;
beforeEach(() => {
  charts = mkdtempSync(join(tmpdir(), "lectern-charts-"));
});
afterEach(() => rmSync(charts, { recursive: true }));

/** @returns the chart's folder */
function write(files: Readonly<Record<string, string>>, name = "hub"): string {
  for (const [path, content] of Object.entries(files)) {
    const file = join(charts, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return join(charts, name);
}

async function problemsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = write(files);
  const error = await readLocalChart(folder).catch((reason: unknown) => reason);
  if (!(error instanceof LecternError)) throw error;
  return error.problems.map(({ file = "", line, path, message }) =>
    [`${file.slice(folder.length + 1)}:${line ?? ""}`, path, message].filter(Boolean).join(" "),
  );
}

describe("readLocalChart", () => {
  it("reads name, versions, defaults and schema", async () => {
    const folder = write(WHOLE);
    expect(await readLocalChart(folder)).toEqual({
      folder,
      name: "hub",
      version: "1.2.3",
      appVersion: "5.5",
      values: {
        name: "hub",
        values: { image: { name: "a", tag: "b" } },
        file: join(folder, "values.yaml"),
        schema: { text: WHOLE["values.schema.json"], file: join(folder, "values.schema.json") },
        charts: [],
      },
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
  });

  it("reads a chart without values and schema", async () => {
    const folder = write({ "Chart.yaml": WHOLE["Chart.yaml"], "values.yaml": "# none\n" });
    const { values } = await readLocalChart(folder);
    expect(values).toMatchObject({ values: {} });
    expect(values).not.toHaveProperty("schema");
  });

  it("takes a library from another folder, as an older chart lists it in requirements.yaml", async () => {
    write({ "Chart.yaml": "apiVersion: v2\nname: base\nversion: 1.0.0\ntype: library\n" }, "base");
    const requirements = 'dependencies: [{name: base, version: 1.0.0, repository: "file://../base"}]\n';
    const folder = write({ ...WHOLE, "requirements.yaml": requirements });
    const before = await readLocalChart(folder);
    expect(before.values.charts).toMatchObject([{ name: "base" }]);
    write({ "templates/_names.tpl": "" }, "base");
    expect((await readLocalChart(folder)).digest).not.toBe(before.digest);
  });

  it("reports everything that is wrong with its files at once", async () => {
    const files = {
      "Chart.yaml": "apiVersion: v3\nname: hub\nappVersion: 5.5\ntype: library\n",
      "values.yaml": "- a\n",
      "values.schema.json": "{,}",
    };
    expect(await problemsOf(files)).toEqual([
      'Chart.yaml:1 apiVersion invalid option: expected one of "v1"|"v2"',
      "Chart.yaml:1 version required",
      "Chart.yaml:3 appVersion expected a text: put quotes around it",
      "Chart.yaml:4 type a library chart can't be installed",
      "values.yaml:1 values must be a map of keys",
      "values.schema.json:1 this is not JSON: value expected",
    ]);
  });

  it("reports a folder without Chart.yaml, and one that is no YAML", async () => {
    expect(await problemsOf({ "values.yaml": "" })).toEqual([
      "Chart.yaml: the chart has no Chart.yaml, which says its name and version",
    ]);
    expect(await problemsOf({ "Chart.yaml": "name: [\n" })).toEqual([
      expect.stringContaining("Chart.yaml:2 this is not YAML"),
    ]);
  });
});

describe("the digest", () => {
  const digestOf = async (more: Readonly<Record<string, string>> = {}) => {
    rmSync(join(charts, "hub"), { recursive: true, force: true });
    return (await readLocalChart(write({ ...WHOLE, ...more }))).digest;
  };

  it("changes with the content and the name of any file", async () => {
    const before = await digestOf();
    expect(await digestOf()).toBe(before);
    expect(await digestOf({ "templates/hub.yaml": "kind: Secret\n" })).not.toBe(before);
    expect(await digestOf({ "files/a.txt": "" })).not.toBe(before);
    expect(await digestOf({ "files/b.txt": "" })).not.toBe(await digestOf({ "files/a.txt": "" }));
  });

  it("does not count what .helmignore leaves out", async () => {
    const ignoring = { ".helmignore": "README.md\ndocs/\n/drafts\n" };
    const before = await digestOf(ignoring);
    for (const path of ["README.md", "templates/README.md", "docs/guide/a.md", "drafts/a", "templates/.swp"])
      expect(await digestOf({ ...ignoring, [path]: "a" }), path).toBe(before);
    expect(await digestOf({ ...ignoring, "templates/drafts": "a" })).not.toBe(before);
  });

  it("counts the charts of other folders that it depends on", async () => {
    const dependent = `${WHOLE["Chart.yaml"]}dependencies: [{name: base, version: 1.0.0, repository: "file://../base"}]\n`;
    write(WHOLE, "base");
    const before = await digestOf({ "Chart.yaml": dependent });
    write({ "templates/more.yaml": "" }, "base");
    expect(await digestOf({ "Chart.yaml": dependent })).not.toBe(before);
    rmSync(join(charts, "base"), { recursive: true });
    expect(await problemsOf({ "Chart.yaml": dependent })).toEqual([
      "Chart.yaml: dependencies the chart depends on file://../base, where there is no chart",
    ]);
  });
});
