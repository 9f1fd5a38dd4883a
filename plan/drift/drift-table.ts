import { styleText } from "node:util";
import { printable } from "../printable.ts";
import { type Difference, type StackDrift, summaryOf, whatDiffers } from "./drift.ts";

/** What was found of a stack, for a terminal. */
export function stackLines({ stack: name, state, differences, errors, seconds }: StackDrift): string[] {
  const stack = printable(name);
  const took = `(${seconds.toFixed(seconds < 10 ? 1 : 0)} s)`;
  const lines = differences.flatMap((one) => differenceLines(one));
  if (state === "clean") {
    const accepted = differences.length === 0 ? "" : ", but for what is accepted";
    return [styleText("green", `  ✓ ${stack}  as it was deployed${accepted} ${took}`), ...lines];
  }
  if (state === "drift") return [styleText("yellow", `  ~ ${stack}  differs ${took}`), ...lines];
  return [
    styleText("red", `  ✗ ${stack}  could not be looked at ${took}`),
    ...errors.flatMap((text) => text.split("\n").map((line) => `      ${printable(line)}`)),
    ...lines,
  ];
}

/** The last line of a run. */
export const lastLine = (stacks: readonly StackDrift[]): string => {
  const summary = summaryOf(stacks);
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}. Nothing was changed.`;
};

function differenceLines(difference: Difference): string[] {
  const { thing, manager, time, fate, reason } = difference;
  const who = manager === undefined ? "" : ` by ${manager}`;
  const when = time === undefined ? "" : ` at ${time}`;
  const text = `${thing}: ${whatDiffers(difference)}${who}${when}; ${FATES[fate]}`;
  return [`      ${printable(reason === undefined ? text : `${text}: ${reason}`)}`];
}

const FATES = {
  undone: "the next deployment puts it back",
  refresh: "`lectern deploy --refresh` puts it back",
  held: "it stays while it is held",
  accepted: "it is accepted",
} as const;
