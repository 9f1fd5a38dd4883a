import { LecternError } from "../../components/problem/problem.ts";
import { openOf, type StackDrift } from "../../plan/drift/drift.ts";
import { DriftFinder } from "../../plan/drift/drift-finder.ts";
import type { ProjectStack } from "../pulumi/project.ts";

/** Opens a stack. @throws {LecternError} where there is none, or it can't be read */
export type OpenStack = (name: string) => Promise<Pick<ProjectStack, "previewRefreshed">>;

/** Looks at one stack, without changing anything. That it can't be looked at is part of the result. */
export async function lookAt(
  open: OpenStack,
  named: Pick<StackDrift, "stack" | "environment">,
): Promise<StackDrift> {
  const begun = Date.now();
  const finder = new DriftFinder();
  const errors = await errorsOf(open, named.stack, finder);
  const { differences } = finder;
  const found = openOf(differences).length > 0 ? "drift" : "clean";
  return {
    ...named,
    state: errors.length > 0 ? "failed" : found,
    differences,
    errors,
    seconds: (Date.now() - begun) / 1000,
  };
}

async function errorsOf(open: OpenStack, name: string, finder: DriftFinder): Promise<readonly string[]> {
  try {
    const stack = await open(name);
    const { ok, errors } = await stack.previewRefreshed((event) => finder.note(event));
    if (!ok) return errors.length > 0 ? errors : ["the preview failed"];
    return finder.notLookedFor;
  } catch (error) {
    if (error instanceof LecternError)
      return error.problems.map(({ message, remedy }) => `${message}. ${remedy}`);
    return [error instanceof Error ? error.message : String(error)];
  }
}
