import { LecternError, type Problem } from "../../components/problem/problem.ts";

/** What of one kind a stack has deployed, and what of it the catalog still has; IDs such as `kernel/python`. */
export interface Inventory {
  /** In the plural: `articles`. */
  readonly what: string;
  readonly deployed: readonly string[];
  readonly wanted: readonly string[];
  /**
   * How many may go without being asked.
   * @default one, or a quarter where that is more
   */
  readonly mayGo?: number;
  /** Whether the catalog still has them, and the scope of the stack leaves them to another one. */
  readonly elsewhere?: true;
  /** What is not removed with them, as the end of a sentence. */
  readonly stays?: string;
  /** What else than to restore them is to be done. */
  readonly instead?: string;
}

/** The share of a kind that one deployment removes without being asked; a single one may always go. */
const SHARE = 0.25;

const CONFIRM = "list those that may go below lectern:confirmRemovals: ";

/** What a refusal wants confirmed, from its text: a program reports to its engine in words alone. */
export function unconfirmedIn(text: string): string[] {
  const strings = String.raw`\[(?:"(?:[^"\\]|\\.)*",?)*\]`;
  const lists = text.matchAll(new RegExp(`${CONFIRM}(${strings})`, "g"));
  return [...lists].flatMap(([, list]) => JSON.parse(list ?? "[]") as string[]);
}

/**
 * Refuses to remove much at once, which a wrong folder, a bad merge or a misspelt name does more often than
 * a person. What is confirmed may go.
 * @throws {LecternError} that names what each kind would lose
 */
export function refuseMassRemoval(inventories: readonly Inventory[], confirmed: ReadonlySet<string>): void {
  const problems = inventories.flatMap((inventory) => massRemoval(inventory, confirmed));
  if (problems.length > 0) throw new LecternError(problems);
}

function massRemoval(
  {
    what,
    deployed,
    wanted,
    elsewhere,
    stays,
    instead,
    mayGo = Math.max(1, deployed.length * SHARE),
  }: Inventory,
  confirmed: ReadonlySet<string>,
): Problem[] {
  const kept = new Set(wanted);
  const lost = deployed.filter((id) => !kept.has(id));
  const unconfirmed = lost.filter((id) => !confirmed.has(id));
  if (unconfirmed.length === 0 || lost.length <= mayGo) return [];
  const why = elsewhere ? "which its lectern:scope leaves out" : "which are no longer in the catalog";
  const restore = elsewhere
    ? "Move them to their stack first, for a cluster with `lectern stacks split`"
    : "Restore them";
  return [
    {
      code: "mass-removal",
      severity: "error",
      path: "lectern:confirmRemovals",
      message: `this deployment would remove ${lost.length} of ${deployed.length} ${what}, ${why}: ${lost.join(", ")}${stays ? `; ${stays}` : ""}`,
      remedy: `${[restore, instead].filter(Boolean).join(", ")}, or ${CONFIRM}${JSON.stringify(unconfirmed)}`,
    },
  ];
}
