import type { ProviderContext } from "../resource/context/context.ts";

/** What this run's program declares, as its resources reported it in their checks. */
interface Declared {
  /** The display names of all its kernels. */
  readonly kernels: Set<string>;
  /** The display names that its courses name; undefined until one is declared. */
  named: Set<string> | undefined;
}

/** Notes a kernel that the program declares. */
export function declareKernel(context: ProviderContext, displayName: string): void {
  declaredIn(context).kernels.add(displayName);
}

/** Notes the kernels that the program's courses name. */
export function declareNamed(context: ProviderContext, displayNames: readonly string[]): void {
  const declared = declaredIn(context);
  declared.named = new Set([...(declared.named ?? []), ...displayNames]);
}

/**
 * Whether a kernel must stay because courses need it. The program of the run knows best: a kernel
 * that was renamed or that no course names any more may go. Without a program (a destroy) the last
 * state decides, less the articles that were deleted before.
 * @param usedBy the articles' IDs, `course/<slug>`
 */
export function isNeeded(context: ProviderContext, displayName: string, usedBy: readonly string[]): boolean {
  const { kernels, named } = declaredIn(context);
  if (kernels.has(displayName)) return false;
  if (named) return named.has(displayName);
  return usedBy.some((article) => !context.wasDeleted(article));
}

function declaredIn(context: ProviderContext): Declared {
  return context.once("kernels: what the program declares", () => ({
    kernels: new Set(),
    named: undefined,
  }));
}
