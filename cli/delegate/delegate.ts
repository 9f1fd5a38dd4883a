import { posix, relative, resolve, sep } from "node:path";
import { LecternError } from "../../components/problem/problem.ts";
import { type Decision, decide } from "../../plan/delegation/decide.ts";
import { CODEOWNERS_PLACES } from "../../plan/delegation/owners/codeowners.ts";
import { printable } from "../../plan/printable.ts";
import { textsAt } from "../plan/changed/base.ts";
import { repositoryRoot } from "../plan/changed/repository.ts";
import { type MergedChange, mergedChange } from "./merged-change.ts";

export interface DelegateOptions {
  readonly base: string;
  readonly head: string;
  readonly author: readonly string[];
  readonly teams?: readonly string[];
  readonly catalog: string;
  readonly json?: boolean;
}

/**
 * `lectern delegate`: whether a change touches only what its authors may decide.
 * @param project its folder
 * @returns the exit code: 0 it does, 3 it doesn't, 1 nobody can tell
 */
export async function delegate(project: string, options: DelegateOptions): Promise<0 | 1 | 3> {
  try {
    const root = repositoryRoot(project) ?? project;
    const change = await mergedChange(root, options.base, options.head);
    const catalog = relative(root, resolve(project, options.catalog)).split(sep).join("/");
    const decisions = await decisionsOn(change, { ...options, root, catalog });
    process.stdout.write(options.json ? documentOf(change, decisions) : textOf(decisions));
    return decisions.every(({ delegated }) => delegated) ? 0 : 3;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return 1;
  }
}

interface AuthorsDecision extends Decision {
  readonly author: string;
}

async function decisionsOn(
  { base, merged, changed }: MergedChange,
  { root, catalog, author: authors, teams }: DelegateOptions & { readonly root: string },
): Promise<AuthorsDecision[]> {
  const read = pathsToRead(catalog, changed);
  const [before, after] = await Promise.all([textsAt(root, base, read), textsAt(root, merged, read)]);
  return [...new Set(authors)].map((login) => ({
    author: login,
    ...decide({
      author: {
        login,
        ...(teams === undefined ? {} : { teams: teams.map((team) => team.replace(/^@/, "")) }),
      },
      catalog,
      changed,
      base: (path) => before.get(path),
      head: (path) => after.get(path),
    }),
  }));
}

/** Every file that the decision may ask for. @param catalog from the repository's root */
export function pathsToRead(catalog: string, changed: MergedChange["changed"]): string[] {
  const clusters = posix.join(catalog, "clusters/");
  const folders = changed
    .filter(({ path }) => path.startsWith(clusters))
    .map(({ path }) => posix.join(clusters, path.slice(clusters.length).split("/")[0] ?? ""));
  const files = ["cluster.yaml", "profiles.yaml", "images.yaml"];
  const ofClusters = [...new Set(folders)].flatMap((folder) => files.map((name) => posix.join(folder, name)));
  return [...CODEOWNERS_PLACES, ...ofClusters];
}

function documentOf({ base, head }: MergedChange, decisions: readonly AuthorsDecision[]): string {
  const delegated = decisions.every((one) => one.delegated);
  return `${JSON.stringify({ delegated, base, head, authors: decisions }, null, 2)}\n`;
}

function textOf(decisions: readonly AuthorsDecision[]): string {
  return decisions.map(linesOf).join("\n");
}

function linesOf({ author, delegated, reason, files }: AuthorsDecision): string {
  const lines = files.map(
    (file) => `  ${file.delegated ? "✓" : "✗"} ${printable(file.path)}: ${printable(file.reason)}\n`,
  );
  const refused = files.filter((file) => !file.delegated).length;
  const verdict = delegated
    ? "may decide this change alone"
    : `may not decide this change alone: ${reason ?? `${refused} of ${files.length} files need a review`}`;
  return `${printable(author)} ${verdict}\n${lines.join("")}`;
}
