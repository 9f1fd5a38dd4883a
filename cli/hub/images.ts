import { readFile } from "node:fs/promises";
import Table from "cli-table3";
import { shortDigest } from "../../components/image/reference.ts";
import { type ImagePolicy, readPolicy } from "../../components/image/selection/policy.ts";
import { type Selection, selectFrom } from "../../components/image/selection/selection.ts";
import { formatProblem, LecternError, type Problem } from "../../components/problem/problem.ts";

export interface SelectOptions {
  readonly tags?: string;
  readonly repository?: string;
  readonly policy: string;
  readonly json?: boolean;
}

/**
 * `lectern images select`: what a policy selects from a file of tags or from a repository.
 * @returns the exit code: 0 selected, 1 rejected, 2 wrong usage
 */
export async function selectImages(options: SelectOptions): Promise<0 | 1 | 2> {
  if ((options.tags === undefined) === (options.repository === undefined)) {
    console.error("error: use either --tags <file> or --repository <repository>");
    return 2;
  }
  try {
    const policy = readPolicy(await text(options.policy), options.policy);
    const selection = await selected(options, policy);
    for (const notice of selection.notices) console.error(`warning: ${formatProblem(notice)}`);
    const { prepull, menu } = selection;
    console.log(options.json ? JSON.stringify({ prepull, menu }, null, 2) : tableOf(selection));
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    for (const problem of error.problems) console.error(`error: ${formatProblem(inFile(problem, options))}`);
    return 1;
  }
}

async function selected(options: SelectOptions, policy: ImagePolicy): Promise<Selection> {
  if (options.tags !== undefined) {
    const { readTagsFile } = await import("../../components/image/tags/tags-file.ts");
    return selectFrom(readTagsFile(await text(options.tags), options.tags), policy, Date.now());
  }
  const { registryFromEnvironment } = await import("./registry.ts");
  const { parseRepository } = await import("../../components/image/reference.ts");
  const { selectFromRegistry } = await import("../../components/image/selection/selection-registry.ts");
  const repository = parseRepository(options.repository ?? "");
  return selectFromRegistry(registryFromEnvironment(), repository, policy, Date.now());
}

async function text(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new LecternError({
      code: "unreadable-file",
      severity: "error",
      file: path,
      message: `the file can't be read (${reason})`,
      remedy: "Name a file that exists and that you may read",
    });
  }
}

/** A tag that the policy selects and that does not exist is a problem of the policy's file. */
function inFile(problem: Problem, { policy }: SelectOptions): Problem {
  return OF_THE_POLICY.has(problem.code) ? { ...problem, file: policy } : problem;
}

const OF_THE_POLICY = new Set(["missing-tag", "one-architecture", "unmatched-cycle", "empty-selection"]);

/** For people: every menu entry with the tag by which its image is pulled. */
function tableOf({ prepull, menu }: Selection): string {
  const pulledAs = new Map(prepull.map(({ tag, digest }) => [digest, tag]));
  const table = new Table({ head: ["Menu", "Tag", "Pulled as", "Digest"], style: { head: [], border: [] } });
  for (const { name, tag, digest } of menu) {
    table.push([name, tag, pulledAs.get(digest) ?? "", shortDigest(digest)]);
  }
  return `${table}\n${menu.length} in the menu, ${prepull.length} to pull`;
}
