import { LecternError } from "../../components/problem/problem.ts";
import { applyCodemods } from "./codemods/codemods.ts";
import { type Journal, readJournal } from "./journal.ts";
import { keptFiles } from "./kept-files.ts";
import { installedPackage } from "./npm.ts";
import { type Previews, previewsOf } from "./previews.ts";
import { moveWorkflows } from "./workflow-pins.ts";

const print = (line: string) => void process.stdout.write(`${line}\n`);

/**
 * What the version that takes over does: it adapts files to itself, previews, and compares with what was planned before.
 * @returns the exit code: 1 undoes the upgrade
 */
export async function finishUpgrade(root: string): Promise<0 | 1> {
  try {
    const journal = readJournal(root);
    if (!journal) throw notUnderWay();
    const { version, command } = installedPackage(root);
    for (const line of applyCodemods(root, journal.from, version)) print(line);
    for (const line of moveWorkflows(root)) print(line);
    const stacks = Object.keys(journal.before);
    const after = await previewsOf(root, stacks, command);
    const differences = differencesOf(journal.before, after);
    for (const line of differences) print(line);
    if (differences.length > 0 && !journal.allowChanges) throw otherChanges(version);
    print(verdict(root, journal, version, differences.length));
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** What previews plan otherwise than before, one line each. */
export function differencesOf(before: Previews, after: Previews): string[] {
  return Object.entries(after).flatMap(([stack, lines]) => {
    const earlier = before[stack] ?? [];
    const added = lines.filter((line) => !earlier.includes(line));
    const gone = earlier.filter((line) => !lines.includes(line));
    return [
      ...added.map((line) => `${stack}: would now ${line}`),
      ...gone.map((line) => `${stack}: would no longer ${line}`),
    ];
  });
}

function verdict(root: string, { from, before }: Journal, version: string, differences: number): string {
  const stacks = Object.keys(before);
  const planned = Object.values(before).flat().length;
  const proof =
    stacks.length === 0
      ? "Nothing was previewed"
      : differences > 0
        ? "The previews differ from those of before, as you allowed"
        : `No resource changes: the previews of ${stacks.join(", ")} are those of before` +
          (planned === 0 ? ", without a change" : `, with the same ${planned} changes of the catalog`);
  const what = from === version ? `Lectern is ${version}, as before` : `Upgraded from ${from} to ${version}`;
  return `${what}. ${proof}. Commit ${keptFiles(root).join(", ")}.`;
}

const otherChanges = (version: string) =>
  new LecternError({
    code: "other-changes",
    severity: "error",
    message: `with ${version} the previews differ from those of before`,
    remedy: "Read the changelog; where it announces them, add --allow-changes",
  });

const notUnderWay = () =>
  new LecternError({
    code: "no-upgrade",
    severity: "error",
    message: "no upgrade is under way",
    remedy: "Run `lectern upgrade`",
  });
