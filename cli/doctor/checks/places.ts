import { join } from "node:path";
import { preflightLine } from "../../../components/calendar/preflight/preflight.ts";
import { CALENDAR_COPIES } from "../../../components/calendar/read-calendar.ts";
import { LecternError, type Problem } from "../../../components/problem/problem.ts";
import { eventLine, isShort, readPreflight } from "../../calendar/read-preflight.ts";
import { type Finding, failed, passed, skipped } from "../finding.ts";
import type { World } from "../world.ts";

const FIX =
  "Raise the group's largest size in the cloud and its max_nodes in node-groups.json, or name a smaller profile";

const UNKNOWN = "whether people of the next events have places is not known";

/**
 * Whether the clusters hold the people of the events of the next 48 hours. Only an exam fails: people of a lecture
 * come one after the other, and those who find no place wait.
 * @param catalog relative to the project's folder
 */
export async function checkPlaces({ root, fetch, clock }: World, catalog: string): Promise<Finding[]> {
  const warned: Problem[] = [];
  const warn = (problem: Problem) => void warned.push(problem);
  try {
    const network = { fetch, clock };
    const copies = join(root, CALENDAR_COPIES);
    const found = await readPreflight(join(root, catalog), clock.now(), { network, copies, warn });
    const places = found.map((one) => {
      const message = `${eventLine(one)}: ${preflightLine(one)}`;
      if (one.unknown !== undefined) return skipped(message, "Add what is missing there");
      if (!isShort(one)) return passed(message);
      return one.occurrence.kind === "exam" ? failed(message, FIX) : skipped(message, FIX);
    });
    return [...warned.map(({ message, remedy }) => skipped(message, remedy)), ...places];
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    // Validation fetches nothing, so it does not find these.
    const [unreachable = [], others = []] = [true, false].map((isUnreachable) =>
      error.problems.filter(({ code }) => (code === "unreachable-calendar") === isUnreachable),
    );
    return [
      ...unreachable.map(({ message, remedy }) => skipped(`${UNKNOWN}: ${message}`, remedy)),
      ...(others.length === 0
        ? []
        : [skipped(`${UNKNOWN}, as the catalog has problems`, `npx lectern validate ${catalog}`)]),
    ];
  }
}
