import { styleText } from "node:util";
import { shortImage } from "../../components/image/reference.ts";
import type { ProofPlan } from "../../components/proof/prove.ts";
import type { ProofResult } from "../../components/proof/result/proof-result.ts";
import { printable } from "../../plan/printable.ts";

/** What is known and what will run, before anything does. */
export function planLines({ known, toRun }: ProofPlan): string[] {
  const images = [...new Set(toRun.map(({ image }) => shortImage(image)))];
  const before = known.length === 0 ? "" : `, ${known.length} known from before`;
  if (toRun.length === 0) return [`${count(known.length)}${before}, nothing to run`];
  return [`${count(known.length + toRun.length)}: ${toRun.length} to run on ${images.join(", ")}${before}`];
}

/** One line for a notebook that has ended, and what went wrong below it. */
export function resultLines(result: ProofResult, place: string): string[] {
  const { outcome, course, notebook, seconds, peakMemory } = result;
  const cost = [`${seconds} s`, ...(peakMemory === undefined ? [] : [megabytes(peakMemory)])].join(", ");
  const mark = outcome === "passed" ? styleText("green", "✓") : styleText("red", "✗");
  const line = `${mark} ${printable(`${course}  ${notebook}`)}  ${styleText("dim", `${cost}${place}`)}`;
  return outcome === "passed" ? [line] : [line, ...failureLines(result).map((text) => `    ${text}`)];
}

/** What failed, for a person: the cell, the reason, and the end of the traceback. */
function failureLines({ cell, reason, traceback, differences = [] }: ProofResult): string[] {
  const first = cell?.source.split("\n").find((text) => text.trim() !== "");
  return [
    ...(cell ? [`cell ${cell.index + 1}: ${printable(first ?? "")}`] : []),
    ...(reason === undefined ? [] : [printable(reason)]),
    ...differences.map((one) => `cell ${one.cell.index + 1}: ${printable(one.message)}`),
    ...(traceback ?? "")
      .trimEnd()
      .split("\n")
      .slice(-LINES)
      .filter((text) => text !== "")
      .map(printable),
  ];
}

/** Lines of a traceback: its end says what went wrong. */
const LINES = 6;

const count = (notebooks: number) => (notebooks === 1 ? "1 notebook" : `${notebooks} notebooks`);
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

/** The last line: what it means for people. */
export function closingLine(results: readonly ProofResult[], seconds: number): string {
  const failed = results.filter(({ outcome }) => outcome === "failed");
  const courses = [...new Set(failed.map(({ course }) => course))];
  const time = `(${seconds.toFixed(1)} s)`;
  if (failed.length === 0) return `${count(results.length)} passed ${time}`;
  return `${failed.length} of ${count(results.length)} failed, of ${courses.join(", ")} ${time}`;
}
