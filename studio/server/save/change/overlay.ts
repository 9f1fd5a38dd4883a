import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { type FileEntry, filesDirectlyIn, filesIn, readBlobs } from "../git/read-files.ts";

/** Files of a commit in a folder of their own, with changes. */
export interface Overlay {
  /** Stands for the repository's root. */
  readonly root: string;
  write(files: ReadonlyMap<string, string>): Promise<void>;
  remove(): Promise<void>;
}

/** What cluster files are checked and planned with. Articles have no part in it, and may be large. */
const SECTIONS = ["clusters", "charts", "images", "kernels"];

/**
 * Writes what a change of clusters is checked and planned with to a temporary folder: these sections of the catalog, and the
 * project's own files. Git's filters have no part in it.
 */
export async function overlayOf(
  root: string,
  {
    commit,
    catalog,
    project,
  }: { readonly commit: string; readonly catalog: string; readonly project: string },
): Promise<Overlay> {
  const [own, sections] = await Promise.all([
    filesDirectlyIn(root, commit, project),
    filesIn(
      root,
      commit,
      SECTIONS.map((name) => posix.join(catalog, name)),
    ),
  ]);
  const entries = [...own, ...sections];
  const blobs = await readBlobs(
    root,
    entries.map(({ id }) => id),
  );
  const folder = await mkdtemp(join(tmpdir(), "lectern-overlay-"));
  const write = async (path: string, content: string | Buffer) => {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  };
  try {
    for (const entry of entries.filter(({ mode }) => mode !== "120000")) {
      const file = await write(entry.path, blobs.get(entry.id) ?? "");
      if (entry.mode === "100755") await chmod(file, 0o755);
    }
    for (const entry of entries.filter(({ mode }) => mode === "120000")) {
      await link(folder, entry, blobs.get(entry.id)?.toString() ?? "");
    }
  } catch (error) {
    // A full disk is not to be filled with what is left of this.
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    root: folder,
    write: async (files) => {
      for (const [path, text] of files) await write(path, text);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A link that leads out of the repository is left out: the check reports that its file is missing. */
async function link(folder: string, { path }: FileEntry, target: string): Promise<void> {
  const leadsTo = posix.join(posix.dirname(path), target);
  if (posix.isAbsolute(target) || leadsTo.startsWith("..")) return;
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await symlink(target, join(folder, path));
}
