import { createHash } from "node:crypto";
import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import type { Digest } from "../../digest.ts";
import { ignoreRules } from "./dockerignore.ts";

/** What is sent to a build, and what isn't. Paths are relative to the context, with `/`, sorted. */
export interface BuildContext {
  /** The context's folder. */
  readonly folder: string;
  /** The Dockerfile, relative to the context. */
  readonly dockerfile: string;
  readonly files: readonly string[];
  /** Files that are there, but that .dockerignore holds back. */
  readonly ignored: readonly string[];
}

/**
 * Lists a build context as Docker sees it: `.dockerignore` decides, or the Dockerfile's own
 * `<Dockerfile>.dockerignore` where there is one.
 */
export async function readBuildContext(folder: string, dockerfile = "Dockerfile"): Promise<BuildContext> {
  const isIgnored = ignoreRules(await ignoreFile(folder, dockerfile));
  const all = await walk(folder, "");
  return {
    folder,
    dockerfile,
    files: all.filter((path) => !isIgnored(path)),
    ignored: all.filter(isIgnored),
  };
}

/**
 * A digest of everything that a build depends on: the files that are sent, whether they can be
 * executed, the Dockerfile and the build's arguments. Times, owners and the rest of the repository
 * don't count, so a commit elsewhere builds nothing.
 */
export async function contextDigest(
  context: BuildContext,
  args: Readonly<Record<string, string>> = {},
): Promise<Digest> {
  // Docker reads the Dockerfile even where .dockerignore holds it back.
  const paths = new Set([...context.files, posix.normalize(context.dockerfile)]);
  const entries: string[][] = [];
  for (const path of [...paths].sort())
    entries.push([path, ...(await contentOf(join(context.folder, path)))]);
  const sortedArgs = Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify({ dockerfile: context.dockerfile, args: sortedArgs, entries });
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

async function contentOf(path: string): Promise<string[]> {
  const target = await readlink(path).catch(() => undefined);
  if (target !== undefined) return ["link", target];
  const [content, { mode }] = await Promise.all([readFile(path), stat(path)]);
  return [mode & 0o100 ? "program" : "file", createHash("sha256").update(content).digest("hex")];
}

async function walk(folder: string, prefix: string): Promise<string[]> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      const path = posix.join(prefix, entry.name);
      return entry.isDirectory() ? walk(folder, path) : [path];
    }),
  );
  return found.flat().sort();
}

async function ignoreFile(folder: string, dockerfile: string): Promise<string> {
  for (const name of [`${dockerfile}.dockerignore`, ".dockerignore"]) {
    try {
      return await readFile(join(folder, name), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return "";
}
