import { z } from "zod";

/** How deployments ended: true is a success. */
export interface Results {
  /** By cluster. */
  readonly support: ReadonlyMap<string, boolean>;
  /** By {@link hubKey}. */
  readonly staging: ReadonlyMap<string, boolean>;
  readonly stacks: ReadonlyMap<string, boolean>;
}

/** A hub in its cluster; no two of them have the same. */
export const hubKey = (cluster: string, hub: string) => JSON.stringify([cluster, hub]);

// Whatever is no success is a failure, so that of an ending only the identity has to be right.
const ending = { result: z.unknown().optional(), state: z.unknown().optional() };

/**
 * What CI writes down of its jobs, and what `lectern deploy --json` prints: how each stack, or each support and staging hub,
 * ended.
 */
const resultsSchema = z.object({
  support: z.array(z.object({ cluster: z.string(), ...ending })).default([]),
  staging: z.array(z.object({ cluster: z.string(), hub: z.string(), ...ending })).default([]),
  stacks: z.array(z.object({ stack: z.string(), ...ending })).default([]),
});

/** `success` is GitHub's word, `deployed` that of `lectern deploy`. */
const isSuccess = ({ result, state }: { readonly result?: unknown; readonly state?: unknown }) =>
  result === "success" || (result === undefined && state === "deployed");

/** A document of results that says nothing. */
export class MalformedResults extends Error {}

/** Reads a document of results. @throws {MalformedResults} where it is none */
export function parseResults(text: string): Results {
  const parsed = resultsSchema.safeParse(jsonIn(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new MalformedResults(`${issue?.path.join(".") || "the document"}: ${issue?.message}`);
  }
  const { support, staging, stacks } = parsed.data;
  return {
    support: endings(support, ({ cluster }) => cluster),
    staging: endings(staging, ({ cluster, hub }) => hubKey(cluster, hub)),
    stacks: endings(stacks, ({ stack }) => stack),
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedResults("it is not JSON");
  }
}

/** The results of several documents: what any of them has as failed has failed. */
export const joined = (all: readonly Results[]): Results => ({
  support: both(all.map(({ support }) => support)),
  staging: both(all.map(({ staging }) => staging)),
  stacks: both(all.map(({ stacks }) => stacks)),
});

function endings<E extends { readonly result?: unknown; readonly state?: unknown }>(
  entries: readonly E[],
  keyOf: (entry: E) => string,
): Map<string, boolean> {
  return both(entries.map((entry) => new Map([[keyOf(entry), isSuccess(entry)]])));
}

function both(all: readonly ReadonlyMap<string, boolean>[]): Map<string, boolean> {
  const found = new Map<string, boolean>();
  for (const [key, ok] of all.flatMap((one) => [...one])) found.set(key, ok && found.get(key) !== false);
  return found;
}
