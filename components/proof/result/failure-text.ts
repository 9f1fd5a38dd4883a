import { shortImage } from "../../image/reference.ts";
import type { ProofFailure } from "./proof-failure.ts";
import type { ProofResult } from "./proof-result.ts";

/** The first failure on an image; undefined where there is none. */
export function failureOf(
  [first, ...others]: readonly ProofResult[],
  image: string,
): ProofFailure | undefined {
  if (!first) return undefined;
  const { course, notebook, cell, reason, traceback, differences } = first;
  // IPython writes the colon also before an exception without a text.
  const last = traceback?.trimEnd().split("\n").at(-1)?.replace(/:$/, "");
  const why = [reason, last, differences?.[0]?.message].filter((text) => text !== undefined && text !== "");
  const place = cell ? { cell: cell.index + 1 } : {};
  return { course, notebook, ...place, error: why.join("; "), image, others: others.length };
}

/** How many changes a sentence has. */
const MOST_CHANGES = 3;

/**
 * Why an image is held, as the end of a sentence: course, notebook, cell and the traceback's last line of the first
 * notebook that fails, how many others do, and what changed with the image.
 */
export function failureText(failure: ProofFailure): string {
  const { course, notebook, cell, error, image, others } = failure;
  const place = cell === undefined ? "" : ` at cell ${cell}`;
  const more = others === 0 ? "" : `; ${others} more ${others === 1 ? "fails" : "fail"}`;
  const why = error === "" ? "" : ` (${error})`;
  return `${course} ${notebook} fails${place}${why} on ${shortImage(image)}${more}${changesText(failure)}`;
}

/**
 * What is reported of a kernel whose image is held.
 * @param image the one that it keeps
 * @param reason as {@link failureText} says it
 */
export const keepsText = (kernel: string, image: string, reason: string): string =>
  `the kernel keeps ${shortImage(image)}: ${reason}. Fix the notebook, or let the image through with lectern:override for kernel/${kernel}`;

/**
 * What is reported of an alias that does not move.
 * @param entry `<cluster>/<entry of images.yaml>`
 * @param reason as {@link failureText} says it
 */
export const staysText = (alias: string, entry: string, reason: string): string =>
  `${alias} stays where it is: ${reason}. Fix the notebook, or let the image through with lectern:override for images/${entry}`;

function changesText({ changes = [] }: ProofFailure): string {
  if (changes.length === 0) return "";
  const left = changes.length - MOST_CHANGES;
  const shown = changes.slice(0, MOST_CHANGES).join(", ");
  return `; changed with the image: ${shown}${left > 0 ? ` and ${left} more` : ""}`;
}
