import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, sep } from "node:path";
import { LecternError, type Problem } from "../../../components/problem/problem.ts";
import type { Edit } from "../../api/draft.ts";
import type { StudioContext } from "../context.ts";
import { applyValue } from "../edit/yaml/apply.ts";
import { Refused } from "../refused.ts";

/** A copy of the catalog in which some files say what somebody wants them to say. */
export interface DraftTree {
  /** Its catalog, absolute. */
  readonly catalog: string;
  /** The clusters that have edits. */
  readonly clusters: readonly string[];
}

/** The files of a cluster that people edit. */
const FILE = /^clusters\/([\w.-]+)\/(profiles\.yaml|images\.yaml)$/;

/**
 * Makes a copy of the catalog with edits in it, for as long as it is used: folders that have none are links.
 * @throws {Refused} for a file that is not edited in the studio
 * @throws {LecternError} where the file can't be edited as it is
 */
export async function withDraft<T>(
  { root, catalog }: Pick<StudioContext, "root" | "catalog">,
  edits: readonly Edit[],
  use: (tree: DraftTree) => Promise<T>,
): Promise<T> {
  const places = edits.map(placeOf);
  const clusters = [...new Set(places.map(({ cluster }) => cluster))];
  const folder = await mkdtemp(join(tmpdir(), "lectern-draft-"));
  const copy = join(folder, basename(catalog));
  try {
    await linkAll(catalog, copy, ["clusters"]);
    await linkAll(join(catalog, "clusters"), join(copy, "clusters"), clusters);
    for (const name of clusters) await copyCluster(catalog, copy, name);
    await Promise.all(places.map((place) => writeEdit(place, catalog, copy)));
    return await use({ catalog: copy, clusters });
  } catch (error) {
    const own = slashes(relative(root, catalog));
    throw error instanceof LecternError ? new LecternError(inRepository(error.problems, copy, own)) : error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Problems of the copy as those of the repository. */
function inRepository(problems: readonly Problem[], copy: string, catalog: string): Problem[] {
  const own = (text: string) => (text.includes(copy) ? slashes(text.replaceAll(copy, catalog)) : text);
  return problems.map((problem) => ({
    ...problem,
    message: own(problem.message),
    remedy: own(problem.remedy),
    ...(problem.file === undefined ? {} : { file: own(problem.file) }),
  }));
}

interface Place {
  readonly edit: Edit;
  /** From the catalog. */
  readonly path: string;
  readonly cluster: string;
}

function placeOf(edit: Edit): Place {
  const [path = "", cluster = ""] = FILE.exec(edit.path) ?? [];
  if (path === "" || /^\.+$/.test(cluster)) throw notEdited(edit.path);
  return { edit, path, cluster };
}

const slashes = (path: string) => path.split(sep).join("/");

async function linkAll(from: string, to: string, without: readonly string[]): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = await readdir(from).catch(() => []);
  const linked = names.filter((name) => !without.includes(name));
  await Promise.all(linked.map((name) => symlink(join(from, name), join(to, name))));
}

/** Its files are looked for by name and by kind, which links would hide. */
async function copyCluster(catalog: string, copy: string, name: string): Promise<void> {
  const [from, to] = [catalog, copy].map((one) => join(one, "clusters", name)) as [string, string];
  if ((await readdir(from).catch(() => undefined)) === undefined) throw noCluster(name);
  await cp(from, to, { recursive: true, dereference: true });
}

async function writeEdit({ edit, path }: Place, catalog: string, copy: string): Promise<void> {
  const text = await readFile(join(catalog, path), "utf8").catch(() => "");
  const target = join(copy, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, applyValue(text, edit.value, edit.path));
}

const notEdited = (path: string) =>
  new Refused(400, {
    code: "not-edited",
    message: `${JSON.stringify(path)} is no file that is edited here`,
    remedy: "Load the page again",
  });

export const noCluster = (name: string) =>
  new Refused(404, {
    code: "unknown-cluster",
    message: `the catalog has no cluster ${JSON.stringify(name)}`,
    remedy: "Choose one of the clusters that the page lists",
  });
