import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { Problem } from "../../components/problem/problem.ts";

/** The layouts of repositories that can be imported. */
export type Layout = "hubploy" | "2i2c";

/** A Helm release that runs already. */
export interface RunningRelease {
  readonly environment: "staging" | "prod";
  /** The resource that will manage it. */
  readonly resource: string;
  readonly namespace: string;
  readonly release: string;
}

/** What a file of the catalog will hold: a copy of another, or a text. */
export type Content = { readonly from: string } | { readonly text: string };

/** What an import writes, gathered before anything is written. */
export class ImportPlan {
  /** By path in the catalog. */
  readonly files = new Map<string, Content>();
  readonly notes: Problem[] = [];
  readonly releases: RunningRelease[] = [];
  /** The repository that is imported. */
  readonly root: string;
  readonly #copied = new Set<string>();

  constructor(root: string) {
    this.root = root;
  }

  copy(from: string, to: string): void {
    this.#copied.add(from);
    this.files.set(to, { from });
  }

  /** Something that people have to know, with the file of the repository that it is about. */
  note(code: string, path: string, message: string, remedy: string): void {
    const file = relative(this.root, path);
    // Many hubs share a file: once is enough.
    const isKnown = this.notes.some(
      (note) => note.code === code && note.file === file && note.message === message,
    );
    if (!isKnown) this.notes.push({ code, severity: "warning", file, message, remedy });
  }

  /** Notes each file of a folder that nothing has taken over yet. @param known files whose content is taken over */
  noteRest(folder: string, known: readonly string[]): void {
    const noted = new Set(this.notes.map(({ file = "" }) => join(this.root, file)));
    for (const path of filesBelow(folder)) {
      if (
        this.#copied.has(path) ||
        noted.has(path) ||
        known.includes(path) ||
        /(^|\/)(\.|README)/i.test(relative(folder, path))
      )
        continue;
      if (path.endsWith("sonnet")) this.noteJsonnet(path);
      else this.note("not-carried", path, "this file is not carried over", REST);
    }
  }

  noteJsonnet(path: string): void {
    const remedy = "Write what it renders as YAML, one file for each hub that it renders differently";
    this.note("jsonnet", path, "values in jsonnet are not carried over", remedy);
  }
}

const REST = "Credentials of the cloud stay where deployments run; move what hubs need into their values";

/** Every file below a folder, sorted; none where there is no such folder. */
export function filesBelow(folder: string): string[] {
  const entries = foldersAndFiles(folder);
  return entries.flatMap(({ path, isFolder }) => (isFolder ? filesBelow(path) : [path]));
}

/** The folders in a folder, by name. */
export const foldersIn = (folder: string): string[] =>
  foldersAndFiles(folder).flatMap(({ name, isFolder }) => (isFolder ? [name] : []));

function foldersAndFiles(folder: string) {
  const names = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder).sort() : [];
  return names
    .filter((name) => name !== ".git")
    .flatMap((name) => {
      const path = join(folder, name);
      // Follows links, which charts use; one that leads nowhere is nothing.
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats ? [{ name, path, isFolder: stats.isDirectory() }] : [];
    });
}
