import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { chartFolder } from "./chart-source.ts";
import { usedChartYaml } from "./chart-yaml.ts";
import { readChart } from "./read-chart.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lectern-chart-"));
});
afterEach(() => rm(root, { recursive: true }));

async function write(files: Readonly<Record<string, string>>) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

const read = async (name: string) =>
  (await readChart(chartFolder(join(root, name), `charts/${name}`), usedChartYaml)).values;

it("a chart has its values, its schema and the charts in it", async () => {
  await write({
    "hub/Chart.yaml": "name: hub\ndependencies:\n- {name: db, condition: db.enabled}\n",
    "hub/values.yaml": "a: yes\n",
    "hub/values.schema.json": "{}",
    "hub/charts/db/Chart.yaml": "name: db\n",
    "hub/charts/.hidden/Chart.yaml": "name: hidden\n",
    "hub/charts/README.md": "",
  });
  expect(await read("hub")).toEqual({
    name: "hub",
    values: { a: true },
    file: "charts/hub/values.yaml",
    schema: { text: "{}", file: "charts/hub/values.schema.json" },
    dependencies: [{ name: "db", condition: "db.enabled" }],
    charts: [{ name: "db", values: {}, file: "charts/hub/charts/db/values.yaml", charts: [] }],
  });
});

it("a chart of another folder is read where it is, and a circle is left to Helm", async () => {
  await write({
    "one/Chart.yaml": 'name: one\ndependencies:\n- {name: two, repository: "file://../two"}\n',
    "two/Chart.yaml": 'name: two\ndependencies:\n- {name: one, repository: "file://../one"}\n',
    "two/values.yaml": "size: 1\n",
  });
  const { charts } = await read("one");
  expect(charts).toMatchObject([
    { name: "two", values: { size: 1 }, file: "charts/two/values.yaml", charts: [] },
  ]);
});

it("a chart in an archive is read, with the charts in it", async () => {
  const deep = `${"long-name-of-a-folder/".repeat(6)}file.txt`;
  await write({
    "hub/Chart.yaml": "name: hub\n",
    "db/Chart.yaml": "name: db\n",
    [`db/files/${deep}`]: "x",
    "db/values.yaml": "size: 1\n",
    "db/values.schema.json": "{}",
    "db/charts/disk/Chart.yaml": "name: disk\n",
    "db/charts/disk/values.yaml": "fast: true\n",
    "hub/charts/.keep": "",
  });
  execFileSync("tar", ["-czf", "hub/charts/db-1.0.0.tgz", "db"], { cwd: root });
  const shown = "charts/hub/charts/db-1.0.0.tgz";
  expect((await read("hub")).charts).toEqual([
    {
      name: "db",
      values: { size: 1 },
      file: `${shown}/values.yaml`,
      schema: { text: "{}", file: `${shown}/values.schema.json` },
      charts: [
        { name: "disk", values: { fast: true }, file: `${shown}/charts/disk/values.yaml`, charts: [] },
      ],
    },
  ]);
});

it.each([
  ["without a Chart.yaml", {}, /charts\/hub\/Chart\.yaml: the chart has no Chart\.yaml/],
  ["whose name is missing", { "hub/Chart.yaml": "version: 1\n" }, /Chart\.yaml:1:1 name: required/],
  [
    "with a broken archive",
    { "hub/Chart.yaml": "name: hub\n", "hub/charts/db-1.0.0.tgz": "x" },
    /charts\/hub\/charts\/db-1\.0\.0\.tgz: this is no archive of a chart/,
  ],
  [
    "whose values are malformed",
    { "hub/Chart.yaml": "name: hub\n", "hub/values.yaml": "a: 1\na: 2\n" },
    /charts\/hub\/values\.yaml:2:1: this key occurs twice/,
  ],
])("a chart %s is refused", async (_, files, message) => {
  await write(files);
  await expect(read("hub")).rejects.toThrow(message);
});
