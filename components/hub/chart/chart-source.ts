import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { filesOfArchive } from "./archive.ts";

/** The files of a chart, in a folder or in an archive. */
export interface ChartSource {
  /** What it is called in messages. */
  readonly shown: string;
  /** A file's text; undefined where the chart has none. @throws {LecternError} where it can't be read */
  text(name: string): Promise<string | undefined>;
  /** The charts in its folder `charts`. @throws {LecternError} where an archive there can't be read */
  charts(): Promise<readonly ChartSource[]>;
  /** The chart in another folder; undefined where this one is part of it, or an archive leads nowhere. */
  linked(path: string): ChartSource | undefined;
}

/** @param users the folders of the charts that use it */
export function chartFolder(folder: string, shown: string, users: readonly string[] = []): ChartSource {
  const all = [...users, folder];
  return {
    shown,
    text: async (name) => {
      const bytes = await bytesAt(join(folder, name), `${shown}/${name}`);
      return bytes?.toString("utf8");
    },
    charts: async () => {
      const entries = await readdir(join(folder, "charts"), { withFileTypes: true }).catch(() => []);
      const charts = entries
        .filter(({ name }) => !/^[_.]/.test(name))
        .map(async (entry) => {
          const [path, called] = [join(folder, "charts", entry.name), `${shown}/charts/${entry.name}`];
          if (entry.isDirectory()) return [chartFolder(path, called, all)];
          return entry.name.endsWith(".tgz") ? [archived(await bytesAt(path, called), called)] : [];
        });
      return (await Promise.all(charts)).flat();
    },
    linked: (path) => {
      const other = join(folder, path);
      return all.includes(other) ? undefined : chartFolder(other, posix.join(shown, path), all);
    },
  };
}

function archived(bytes: Buffer | undefined, shown: string): ChartSource {
  try {
    return chartArchive(filesOfArchive(bytes ?? new Uint8Array()), shown, "");
  } catch {
    const message = "this is no archive of a chart";
    throw new LecternError(fault("malformed-file", shown, message, "Let `helm dependency update` write it"));
  }
}

/** @param prefix the path of the chart in the archive, with a slash at its end */
function chartArchive(files: ReadonlyMap<string, string>, shown: string, prefix: string): ChartSource {
  const inner = `${prefix}charts/`;
  return {
    shown,
    text: async (name) => files.get(`${prefix}${name}`),
    charts: async () => {
      const names = [...files.keys()].flatMap((path) =>
        path.startsWith(inner)
          ? (/^([^/_.][^/]*)\/Chart\.yaml$/.exec(path.slice(inner.length))?.[1] ?? [])
          : [],
      );
      return names.map((name) => chartArchive(files, `${shown}/charts/${name}`, `${inner}${name}/`));
    },
    linked: () => undefined,
  };
}

async function bytesAt(path: string, shown: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new LecternError(
      fault("unreadable-file", shown, `the file can't be read (${code})`, "Make it a file that you may read"),
    );
  }
}

const fault = (code: string, file: string, message: string, remedy: string): Problem => ({
  code,
  severity: "error",
  file,
  message,
  remedy,
});
