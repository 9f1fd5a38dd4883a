import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** What can't be done as it was asked for, with what to do instead. */
export class Refusal extends Error {}

/** npm takes no `.gitignore` into a package, so the package has it under another name. */
const PACKED_NAMES: Readonly<Record<string, string>> = { gitignore: ".gitignore" };

/** The folders of the catalog that are only an example. */
const EXAMPLE = /^catalog\/[^/]+\//;

/** The template: beside this file in the package, at the root of the repository that it is made from. */
function templateFolder(): string {
  const packed = join(import.meta.dirname, "template");
  return existsSync(packed) ? packed : join(import.meta.dirname, "../../templates/institution");
}

/**
 * Makes an institution's repository.
 * @param empty whether the catalog holds no example
 * @returns the files, relative to the folder
 * @throws {Refusal} where the folder holds something already; nothing is written then
 */
export function createRepository(folder: string, empty: boolean, template = templateFolder()): string[] {
  const there = existsSync(folder) ? readdirSync(folder).filter((name) => name !== ".git") : [];
  if (there.length > 0) {
    throw new Refusal(`${folder} is not empty: it has ${there[0]}. Name a new or an empty folder.`);
  }
  const paths = filesIn(template).filter((path) => !(empty && EXAMPLE.test(path)));
  return paths.map((path) => {
    const name = PACKED_NAMES[path] ?? path;
    const target = join(folder, name);
    mkdirSync(dirname(target), { recursive: true });
    if (name === "Pulumi.yaml")
      writeFileSync(target, projectFile(readFileSync(join(template, path), "utf8")));
    else cpSync(join(template, path), target);
    return name;
  });
}

/** The files of a template, relative to it, without what somebody who tried it in place left there. */
export function filesIn(template: string): string[] {
  const entries = readdirSync(template, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(template, join(entry.parentPath, entry.name)))
    .filter((path) => !GENERATED.test(path))
    .sort();
}

const GENERATED = /^(node_modules|\.lectern)\/|^package-lock\.json$/;

/** Pulumi.yaml without its last section, which is for `pulumi new` alone; that leaves it out too. */
const projectFile = (text: string) => text.replace(/^#[^\n]*\ntemplate:\n[\s\S]*$/m, "");
