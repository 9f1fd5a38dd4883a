import { expect } from "vitest";
import type { Act } from "./story.ts";

/** What an engine made of an operation, in words that both can be held to. */
export interface Outcome {
  readonly ok: boolean;
  /** `create lectern:kernel:Kernel python`, in the order in which they ended. */
  readonly steps: readonly string[];
  readonly summary: Readonly<Record<string, number>>;
  readonly outputs: unknown;
  /** What each resource in the state depends on. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
  /** Pairs of resources whose steps contradict that; see order.ts. */
  readonly outOfOrder: readonly string[];
  /** For whoever reads a failure. */
  readonly said: string;
}

interface Reported {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  readonly replaces?: readonly string[];
  /** Of the sandbox. */
  readonly error?: string;
  /** Of Pulumi. */
  readonly failed?: true;
}

/** A step of either engine as one line. */
export function lineOf({ op, type, name, replaces, error, failed }: Reported): string {
  const keys = replaces && replaces.length > 0 ? ` (${[...replaces].sort().join(", ")})` : "";
  return `${op}${error !== undefined || failed ? " failed" : ""} ${type} ${name}${keys}`;
}

/** The lines of the steps that changed something, or would. */
export const changes = (lines: readonly string[]) =>
  lines.filter((line) => !/^(same|read|refresh|discard)\b|^\S+ failed /.test(line)).sort();

/** The sandbox renders manifests to files: to a cluster they are new, and so is what it says of the provider. */
export const isRendered = ({ type }: { type: string }) => /^(pulumi:providers:)?kubernetes\b/.test(type);

/**
 * Holds both engines to each other. Where they may differ:
 * - Pulumi counts and refreshes references to stacks, the sandbox only reads them;
 * - a refresh of Pulumi's reports what no provider reads as well;
 * - after a failure, each decides by itself what it still begins: Pulumi goes on deleting what is not
 *   protected, the sandbox goes on planning, so that a preview names everything that is wrong; and a component
 *   whose part failed never ends on Pulumi.
 */
export function expectAlike(act: Act, sandbox: Outcome, pulumi: Outcome, said: string): void {
  const { ok = true, operation, quiet = false } = act;
  expect({ sandbox: sandbox.ok, pulumi: pulumi.ok }, said).toEqual({ sandbox: ok, pulumi: ok });
  expect({ sandbox: sandbox.outOfOrder, pulumi: pulumi.outOfOrder }, said).toEqual({
    sandbox: [],
    pulumi: [],
  });
  if (quiet) expect(changes(pulumi.steps), said).toEqual([]);
  if (!ok && operation === "destroy") return;
  if (!ok) expect(changes(resources(pulumi)), said).toEqual(changes(resources(sandbox)));
  else if (operation === "refresh") expect(changes(known(pulumi)), said).toEqual(changes(known(sandbox)));
  else {
    expect(known(pulumi).sort(), said).toEqual(known(sandbox).sort());
    expect(counts(pulumi), said).toEqual(counts(sandbox));
    expect(pulumi.dependencies, said).toEqual(sandbox.dependencies);
  }
  // A preview's outputs are those of the last deployment on Pulumi, and the planned ones in the sandbox.
  if (operation !== "preview") {
    expect(withoutIds(pulumi.outputs), said).toEqual(withoutIds(sandbox.outputs));
  }
}

const known = ({ steps }: Outcome) => steps.filter((line) => !line.includes("pulumi:pulumi:StackReference"));

const resources = (outcome: Outcome) => known(outcome).filter((line) => !/^\S+ lectern:/.test(line));

function counts({ summary: { read: _, discard: __, ...rest } }: Outcome): Record<string, number> {
  return rest;
}

/** A value without what each deployment makes for itself: ids and ports. */
function withoutIds(value: unknown): unknown {
  const text = JSON.stringify(value ?? null)
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
    .replaceAll(/127\.0\.0\.1:\d+/g, "SERVICE")
    .replaceAll(/([a-z0-9])-[0-9a-f]{8}\b(?!-)/g, "$1-ID");
  return JSON.parse(text);
}
