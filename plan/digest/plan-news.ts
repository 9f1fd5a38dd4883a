import type { BoundPlan, BoundStep } from "./plan-digest.ts";

/** How many lines name what is new: a plan may have thousands of steps. */
const MOST = 20;

/**
 * What a plan has that the approved one has not, and the other way round, for people.
 * @param approved undefined where only its digest is known: every step is named then
 */
export function newsOf(now: BoundPlan, approved?: BoundPlan): string[] {
  if (!approved) return limited(now.map((step) => `the plan has now: ${described(step)}`));
  const before = new Map(approved.map((step) => [keyOf(step), step]));
  const after = new Set(now.map(keyOf));
  return limited([
    ...now.flatMap((step) => {
      const known = before.get(keyOf(step));
      return known ? valueNews(known, step) : [`new: ${described(step)}`];
    }),
    ...approved
      .filter((step) => !after.has(keyOf(step)))
      .map((step) => `no longer planned: ${described(step)}`),
  ]);
}

const keyOf = ({ op, urn }: BoundStep) => `${op} ${urn}`;

function valueNews(before: BoundStep, after: BoundStep): string[] {
  const paths = [...new Set([...Object.keys(before.changed), ...Object.keys(after.changed)])];
  const others = paths.filter((path) => before.changed[path] !== after.changed[path]);
  return others.length === 0 ? [] : [`another change of ${others.join(", ")}: ${described(after, false)}`];
}

/** `update Kernelspec python-science (image)`. */
function described({ op, urn, changed }: BoundStep, withPaths = true): string {
  const [, , types = "", ...name] = urn.split("::");
  const type = types.split(/[$:/]/).at(-1) ?? types;
  const paths = Object.keys(changed).filter((path) => path !== "inputs");
  const shown = withPaths && paths.length > 0 ? ` (${paths.slice(0, 4).join(", ")})` : "";
  return `${op === "objects" ? "objects of" : op} ${type} ${name.join("::")}${shown}`;
}

const limited = (lines: readonly string[]) =>
  lines.length <= MOST ? [...lines] : [...lines.slice(0, MOST), `and ${lines.length - MOST} more`];
