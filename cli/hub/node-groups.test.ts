import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { capturePrinted, temporaryFolder } from "../testing/command-test.ts";
import { loadNodeGroupsFile } from "./node-groups.ts";

const group = (slug: string, more: object = {}) => ({
  slug,
  display_name: slug.toUpperCase(),
  node_selector: { pool: slug },
  ...more,
});

const root = temporaryFolder("node-groups");
const folder = join(root, "campus");
const { out, err } = capturePrinted();
beforeEach(() => mkdir(folder));

async function from(content: unknown): Promise<string> {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  await writeFile(join(root, "infrastructure.json"), text);
  return join(root, "infrastructure.json");
}
const target = () => join(folder, "node-groups.json");
const existing = (content: unknown) => writeFile(target(), `${JSON.stringify(content, null, 2)}\n`);
const written = async () => JSON.parse(await readFile(target(), "utf8")) as unknown;

it("creates a missing file, and writes nothing the second time", async () => {
  const file = await from([group("standard"), group("gpu")]);
  expect(await loadNodeGroupsFile(file, folder, {})).toBe(0);
  expect(out).toEqual(["+ standard added", "+ gpu added"]);
  const text = await readFile(target(), "utf8");
  expect(text).toBe(`${JSON.stringify([group("standard"), group("gpu")], null, 2)}\n`);
  expect(await readdir(folder)).toEqual(["node-groups.json"]);

  const before = await stat(target());
  out.length = 0;
  expect(await loadNodeGroupsFile(file, folder, {})).toBe(0);
  expect(out).toEqual(["= standard unchanged", "= gpu unchanged"]);
  const { ino, mtimeMs } = await stat(target());
  expect({ ino, mtimeMs }).toEqual({ ino: before.ino, mtimeMs: before.mtimeMs });
});

it("updates changed groups, adds new ones, and keeps those that the file lacks", async () => {
  await existing([group("standard"), group("high-memory"), group("old")]);
  const changed = group("standard", { node_selector: { pool: "n2" } });
  const file = await from([group("gpu"), changed, group("high-memory")]);
  expect(await loadNodeGroupsFile(file, folder, { remove: ["old"] })).toBe(0);
  expect(out).toEqual([
    "~ standard changed: node_selector",
    "= high-memory unchanged",
    "- old removed",
    "+ gpu added",
  ]);
  expect(await written()).toEqual([changed, group("high-memory"), group("gpu")]);
});

it("prints one JSON document", async () => {
  await existing([group("standard"), group("old")]);
  const file = await from([group("standard", { display_name: "S" }), group("gpu")]);
  expect(await loadNodeGroupsFile(file, folder, { remove: ["old"], json: true })).toBe(0);
  expect(JSON.parse(out.join("\n"))).toEqual({
    file: target(),
    written: true,
    groups: [
      { slug: "standard", change: "changed", fields: ["display_name"] },
      { slug: "old", change: "removed" },
      { slug: "gpu", change: "added" },
    ],
  });
});

it("replaces the target of a symbolic link", async () => {
  await writeFile(join(root, "real.json"), "[]");
  await symlink(join(root, "real.json"), target());
  expect(await loadNodeGroupsFile(await from([group("a")]), folder, {})).toBe(0);
  expect(JSON.parse(await readFile(join(root, "real.json"), "utf8"))).toEqual([group("a")]);
});

it.each([
  [
    "a bad entry",
    [group("a"), { slug: "b", display_name: "B" }],
    [],
    /infrastructure\.json:1:\d+ \[1\]\.node_selector: required/,
  ],
  ["no JSON", "[", [], /infrastructure\.json:1:/],
  [
    "a group that a profile uses",
    [group("new")],
    ["used"],
    /campus\/profiles\.yaml:2:16 \[0\]\.node_groups: the profile "Lab" still uses the node group "used"/,
  ],
  ["a group that isn't there", [group("new")], ["usd"], /unknown node group "usd".*mean "used"/],
  [
    "a group in both",
    [group("free")],
    ["free"],
    /infrastructure\.json \[0\]\.slug: .*"free" is in this file and in --remove/,
  ],
])("%s is refused, and nothing is written", async (_, content, remove, message) => {
  await existing([group("used"), group("free")]);
  await writeFile(join(folder, "profiles.yaml"), "- display_name: Lab\n  node_groups: used\n");
  expect(await loadNodeGroupsFile(await from(content), folder, { remove })).toBe(1);
  expect(err.join("\n")).toMatch(message);
  expect(out).toEqual([]);
  expect(await written()).toEqual([group("used"), group("free")]);
});

it("reports the problems of every file at once", async () => {
  await existing([{ slug: "a" }]);
  await writeFile(join(folder, "profiles.yaml"), "- slug: x\n");
  expect(await loadNodeGroupsFile(await from([{ slug: "b" }]), folder, { remove: ["a"] })).toBe(1);
  for (const name of ["infrastructure.json", "node-groups.json", "profiles.yaml"])
    expect(err.join("\n")).toContain(name);
});

it("reports a missing file or folder, and creates no folder", async () => {
  expect(await loadNodeGroupsFile(join(root, "none.json"), join(root, "capmus"), {})).toBe(1);
  expect(err.join("\n")).toMatch(/none\.json: the file does not exist/);
  expect(err.join("\n")).toMatch(/capmus: the folder does not exist/);
  expect(await loadNodeGroupsFile(root, folder, {})).toBe(1);
  expect(err.join("\n")).toMatch(/this is a folder, not a file/);
});

it("rejects a folder in place of the file", async () => {
  await mkdir(target());
  expect(await loadNodeGroupsFile(await from([group("a")]), folder, {})).toBe(1);
  expect(err.join("\n")).toMatch(/node-groups\.json: this is a folder, not a file/);
  expect(await readdir(folder)).toEqual(["node-groups.json"]);
});

// A folder where nobody, root included, can make a file.
it.skipIf(process.platform !== "linux")("names a file that can't be written", async () => {
  expect(await loadNodeGroupsFile(await from([group("a")]), "/proc/self", {})).toBe(1);
  expect(err.join("\n")).toMatch(/\/proc\/self\/node-groups\.json: the file can't be written \(/);
  expect(out).toEqual([]);
});

it("runs from the shell, and distinguishes wrong usage from a wrong file", async () => {
  const file = await from([group("a")]);
  const lectern = (...args: string[]) =>
    spawnSync(
      process.execPath,
      [join(import.meta.dirname, "../lectern.mjs"), "node-groups", "load", ...args],
      {
        encoding: "utf8",
      },
    );
  expect(lectern(file, folder)).toMatchObject({ status: 0, stdout: "+ a added\n" });
  expect(lectern(file, folder, "--remove", "b", "--json")).toMatchObject({ status: 1, stdout: "" });
  expect(lectern(file).status).toBe(2);
});
