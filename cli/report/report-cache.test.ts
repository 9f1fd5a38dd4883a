import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../testing/command-test.ts";
import { mapOfFiles } from "./map-of-files.ts";
import { ReportCache } from "./report-cache.ts";

const NOW = "2026-11-30T00:00:00.000Z";
const folder = temporaryFolder("report-cache");
const report = (stack: string) =>
  JSON.stringify({ version: 1, made: NOW, stacks: [{ stack, environment: stack }] });

function start() {
  const reports = join(folder, crypto.randomUUID());
  mkdirSync(reports, { recursive: true });
  const cache = new ReportCache();
  const read = () => mapOfFiles({ reports: [reports] }, NOW, cache);
  return {
    file: (name: string) => join(reports, name),
    read,
    stacks: async () => (await read()).stacks.map(({ stack }) => stack),
  };
}

it("reads files that have not changed once, and gives the same map of them", async () => {
  const { file, read } = start();
  writeFileSync(file("a.json"), report("prod"));
  writeFileSync(file("other.json"), "[]");
  const first = await read();
  expect(await read()).toBe(first);
});

it("sees each change at once: of a size, of a time alone, a file that comes, moves or goes", async () => {
  const { file, stacks } = start();
  writeFileSync(file("a.json"), report("prod"));
  expect(await stacks()).toEqual(["prod"]);
  writeFileSync(file("a.json"), report("staging"));
  expect(await stacks()).toEqual(["staging"]);
  // The same size, and the time of before, as a copy that keeps times has.
  const before = new Date("2026-01-01T00:00:00Z");
  utimesSync(file("a.json"), before, before);
  expect(await stacks()).toEqual(["staging"]);
  writeFileSync(file("b.json"), report("sandbox"));
  utimesSync(file("b.json"), before, before);
  expect(await stacks()).toEqual(["sandbox", "staging"]);
  renameSync(file("b.json"), file("a.json"));
  expect(await stacks()).toEqual(["sandbox"]);
  rmSync(file("a.json"));
  expect(await stacks()).toEqual([]);
});

it("reports a file that can't be read each time, until it can", async () => {
  const { file, stacks } = start();
  writeFileSync(file("a.json"), '{"made": 1, "stacks": []}');
  await expect(stacks()).rejects.toThrow("a.json");
  await expect(stacks()).rejects.toThrow("a.json");
  writeFileSync(file("a.json"), report("prod"));
  expect(await stacks()).toEqual(["prod"]);
});
