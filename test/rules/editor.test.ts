import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { expect, it } from "vitest";

const REPOSITORY = join(import.meta.dirname, "../..");

/** The part of the editor's settings that says which files a schema describes. */
interface Settings {
  readonly "json.schemas": readonly { readonly fileMatch: readonly string[]; readonly url: string }[];
  readonly "yaml.schemas": Readonly<Record<string, string>>;
}
const settings = JSON.parse(readFileSync(join(REPOSITORY, ".vscode/settings.json"), "utf8")) as Settings;

const schemas = new Map([
  ...settings["json.schemas"].map(({ url, fileMatch }) => [url, fileMatch] as const),
  ...Object.entries(settings["yaml.schemas"]).map(([url, glob]) => [url, [glob]] as const),
]);

/** Schemas of what Lectern prints, which nobody edits. */
const PRINTED = ["report.schema.json", "run.schema.json", "deployment-plan.schema.json"];

it("maps the schema of every file that people edit, and none that is missing", () => {
  const files = readdirSync(join(REPOSITORY, "docs/schema"))
    .filter((name) => !PRINTED.includes(name))
    .map((name) => `./docs/schema/${name}`);
  expect([...schemas.keys()].sort()).toEqual(files.sort());
  for (const url of schemas.keys()) expect(existsSync(join(REPOSITORY, url)), url).toBe(true);
});

it.each([
  ["catalog/courses/fair-dice/course.json", "course"],
  ["catalog/blogs/random-walks/course.json", "course"],
  ["catalog/kernels/python-science/kernel.yaml", "kernel"],
  ["catalog/courses/fair-dice/lecture.yaml", "lecture"],
  ["catalog/clusters/campus/images.yaml", "images"],
  ["catalog/clusters/campus/profiles.yaml", "profiles"],
  ["catalog/clusters/campus/node-groups.json", "node-groups"],
  ["catalog/calendar/autumn.yaml", "calendar"],
  ["Pulumi.staging.yaml", "stack"],
  ["Pulumi.prod-campus.yaml", "stack"],
  ["Pulumi.yaml", undefined],
  ["package.json", undefined],
])("the editor checks %s by the schema %s", (file, schema) => {
  const matching = [...schemas].filter(([, globs]) =>
    globs.some((glob) => matchesGlob(file, glob.replace(/^\//, ""))),
  );
  expect(matching.map(([url]) => url)).toEqual(schema ? [`./docs/schema/${schema}.schema.json`] : []);
});
