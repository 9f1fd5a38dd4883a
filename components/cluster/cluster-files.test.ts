import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { formatProblem, LecternError } from "../problem/problem.ts";
import { readClusterFiles } from "./cluster-files.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lectern-cluster-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function refusals(): Promise<string[]> {
  const error: unknown = await readClusterFiles(folder).catch((reason: unknown) => reason);
  if (!(error instanceof LecternError)) throw error;
  return error.problems.map(formatProblem);
}

it("takes a folder without any of the files", async () => {
  expect(await readClusterFiles(folder)).toMatchObject({ images: {}, nodeGroups: [] });
});

it("reports a folder in a file's place, beside what is wrong with the others", async () => {
  await mkdir(join(folder, "profiles.yaml"));
  await writeFile(join(folder, "node-groups.json"), '[\n  {"slug": "a"},\n]\n');
  const found = await refusals();
  expect(found).toHaveLength(2);
  expect(found.sort()).toEqual([
    expect.stringMatching(
      /node-groups\.json:2:16: this is not JSON: a comma follows the last entry of a list\./,
    ),
    `${folder}/profiles.yaml: this is a folder, not a file. Put a file in its place.`,
  ]);
});

it("reports the problems in the same order, whichever file is read first", async () => {
  for (const name of ["profiles.yaml", "images.yaml", "node-groups.json"]) await mkdir(join(folder, name));
  const names = (await refusals()).map((line) => /([\w-]+\.\w+):/.exec(line)?.[1]);
  expect(names).toEqual(["images.yaml", "node-groups.json", "profiles.yaml"]);
});
