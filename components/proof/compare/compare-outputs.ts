import { type CellOutputs, readOutputs } from "./cell-output.ts";
import { hashDistance, imageHash } from "./image-hash.ts";
import { type Tolerance, textDifference } from "./text-difference.ts";

/** What is compared of the outputs that a notebook has with those of a run; what is left out is not. */
export interface OutputComparison {
  /** The names of exceptions. @default false */
  readonly errors?: boolean | undefined;
  /** What is printed to stdout, and results as text. */
  readonly text?: Tolerance | undefined;
  /** PNG images: the share of their perceptual hash that may differ, from 0 to 1. */
  readonly images?: { readonly distance: number } | undefined;
}

/** One thing in which the outputs of a cell differ. */
export interface OutputDifference {
  readonly kind: "errors" | "text" | "images";
  /** What differs, for a person. */
  readonly message: string;
}

/**
 * In what the outputs of a code cell differ from those that the notebook has, both in nbformat 4. A cell without outputs
 * in the notebook has not been run there, and is not compared. Images that are not PNG are not compared either.
 */
export function compareOutputs(
  expected: readonly unknown[],
  actual: readonly unknown[],
  comparison: OutputComparison,
): OutputDifference[] {
  if (expected.length === 0) return [];
  const [before, now] = [readOutputs(expected), readOutputs(actual)];
  return [
    ...(comparison.errors ? errorDifferences(before, now) : []),
    ...(comparison.text ? textDifferences(before, now, comparison.text) : []),
    ...(comparison.images ? imageDifferences(before, now, comparison.images.distance) : []),
  ];
}

function errorDifferences(before: CellOutputs, now: CellOutputs): OutputDifference[] {
  const [was, is] = [before, now].map(({ errors }) => errors.join(", ") || "no exception");
  return was === is ? [] : [{ kind: "errors", message: `it raises ${is}, and the notebook has ${was}` }];
}

function textDifferences(before: CellOutputs, now: CellOutputs, tolerance: Tolerance): OutputDifference[] {
  const found = textDifference(before.text, now.text, tolerance);
  if (!found) return [];
  return [{ kind: "text", message: `it prints ${found.actual}, and the notebook has ${found.expected}` }];
}

function imageDifferences(before: CellOutputs, now: CellOutputs, distance: number): OutputDifference[] {
  const [was, is] = [before.images, now.images];
  if (was.length !== is.length)
    return [
      { kind: "images", message: `it shows ${count(is.length)}, and the notebook has ${count(was.length)}` },
    ];
  return was.flatMap((image, index) => {
    const message = imageDifference(image, is[index] ?? "", distance);
    return message === undefined
      ? []
      : [{ kind: "images" as const, message: `image ${index + 1} ${message}` }];
  });
}

function imageDifference(expected: string, actual: string, most: number): string | undefined {
  const [was, is] = [expected, actual].map((text) => Buffer.from(text, "base64"));
  if (!was || !is || was.equals(is)) return undefined;
  const [before, now] = [imageHash(was), imageHash(is)];
  if (!before || !now) return `${now ? "of the notebook" : "of the run"} can't be read as PNG, and differs`;
  const distance = hashDistance(before, now);
  if (distance <= most) return undefined;
  return `differs by ${percent(distance)}, and ${percent(most)} is allowed`;
}

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;
const count = (images: number) => (images === 1 ? "1 image" : `${images} images`);
