import { join, relative, resolve } from "node:path";
import { type Preflight, preflightLine } from "../../components/calendar/preflight/preflight.ts";
import { formatProblem, LecternError, type Problem } from "../../components/problem/problem.ts";
import { projectFolder } from "../../stacks/project-folder.ts";
import { eventLine, isShort, readPreflight } from "./read-preflight.ts";

export interface PreflightOptions {
  /** @default the project's catalog */
  readonly catalog?: string;
  readonly json?: boolean;
}

/**
 * `lectern calendar --preflight`: whether the clusters can hold the people of the events of the next 48 hours.
 * @returns the exit code: 0 as far as is known, 1 a file has a problem, 3 people of an exam have no place
 */
export async function showPreflight(options: PreflightOptions, now = Date.now()): Promise<0 | 1 | 3> {
  try {
    const folder = resolve(options.catalog ?? join(projectFolder(), "catalog"));
    const found = await readPreflight(relative(process.cwd(), folder) || ".", now, { warn: report });
    process.stdout.write(options.json ? document(found) : textOf(found));
    return found.some((one) => isShort(one) && one.occurrence.kind === "exam") ? 3 : 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    error.problems.forEach(report);
    return 1;
  }
}

const report = (problem: Problem) => process.stderr.write(`${problem.severity}: ${formatProblem(problem)}\n`);

function textOf(found: readonly Preflight[]): string {
  if (found.length === 0) return "No event on a hub in the next 48 hours says how many people it expects.\n";
  return found
    .map((one) => {
      const mark = one.unknown === undefined ? (isShort(one) ? "✗" : "✓") : "?";
      return `${mark} ${eventLine(one)}\n  ${preflightLine(one)}\n`;
    })
    .join("");
}

function document(found: readonly Preflight[]): string {
  const listed = found.map(({ occurrence, ...rest }) => {
    const { event, title, hub, people } = occurrence;
    return { event, title, hub, people, start: new Date(occurrence.start).toISOString(), ...rest };
  });
  return `${JSON.stringify({ preflight: listed }, null, 2)}\n`;
}
