import type { ChangedThing, StackView } from "../preview/stack-view.ts";

/** `1 kernel`, `2 kernels`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** `a, b and 3 more`. */
export function listed(texts: readonly string[], most: number): string {
  const shown = texts.slice(0, most).join(", ");
  return texts.length <= most ? shown : `${shown} and ${texts.length - most} more`;
}

/** A text that may be too long for its place. */
export const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;

const VERBS = [
  ["create", "to create"],
  ["update", "to update"],
  ["replace", "to replace"],
  ["delete", "to delete"],
  ["forget", "to forget"],
] as const;

/** `2 to update, 1 to create`; empty where nothing changes. */
export function changesOf(views: readonly Pick<StackView, "counts">[]): string {
  const texts = VERBS.flatMap(([op, verb]) => {
    const count = views.reduce((sum, { counts }) => sum + (counts[op] ?? 0), 0);
    return count === 0 ? [] : [{ count, text: `${count} ${verb}` }];
  });
  return texts.map(({ text }) => text).join(", ");
}

const SIGNS: Readonly<Record<string, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "−",
  forget: "−",
  same: "~",
};

/** The sign of an operation, as the plan on a terminal has it. */
export const signOf = ({ op }: Pick<ChangedThing, "op">): string => SIGNS[op] ?? "~";

/** What people call an environment. */
export const environmentName = (environment: string): string =>
  environment === "prod" ? "production" : environment;

/** With a capital letter. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
