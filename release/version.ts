import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { notesOf, withRelease } from "./changelog.ts";

// `npm version minor` calls it with the new version in package.json, before it commits and tags. `release/version.ts
// notes TAG` prints what the changelog says of a tag's version; it fails where the tag isn't package.json's version.
const ROOT = join(import.meta.dirname, "..");
const CHANGELOG = "CHANGELOG.md";

/** Where else a version is: the changes of each file's JSON. */
const ELSEWHERE: Readonly<Record<string, (content: Json, version: string) => void>> = {
  "packages/create-lectern/package.json": (manifest, version) => {
    manifest["version"] = version;
  },
  "templates/institution/package.json": ({ dependencies }, version) => {
    if (dependencies) dependencies["lectern"] = version;
  },
  "package-lock.json": ({ packages }, version) => {
    const own = packages?.["packages/create-lectern"];
    if (own) own["version"] = version;
  },
};

interface Json {
  [key: string]: unknown;
  dependencies?: Record<string, unknown>;
  packages?: Record<string, Record<string, unknown>>;
}

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const write = (path: string, text: string) => writeFileSync(join(ROOT, path), text);

function setVersion(version: string): void {
  const day = new Date().toISOString().slice(0, "2026-03-31".length);
  write(CHANGELOG, withRelease(read(CHANGELOG), version, day));
  for (const [path, change] of Object.entries(ELSEWHERE)) {
    const content: Json = JSON.parse(read(path));
    change(content, version);
    write(path, `${JSON.stringify(content, null, 2)}\n`);
  }
}

function notes(tag: string, version: string): string {
  if (tag !== `v${version}`) throw new Error(`the tag is ${tag}, but package.json has ${version}`);
  const found = notesOf(read(CHANGELOG), version);
  if (found === undefined) throw new Error(`CHANGELOG.md has no section ${version}`);
  return found;
}

const { version } = JSON.parse(read("package.json")) as { version: string };
const [command, tag = ""] = process.argv.slice(2);
if (command === "notes") process.stdout.write(`${notes(tag, version)}\n`);
else setVersion(version);
