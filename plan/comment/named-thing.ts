import type { CatalogDifferences } from "./comment-input.ts";
import type { ChangedThing } from "./preview/stack-view.ts";
import { inert } from "./text/inert.ts";

/** A thing as people call it: `course **Bell states**`, `hub **campus/staging**`. */
export function nameOf(
  { id, label }: Pick<ChangedThing, "id" | "label">,
  catalog?: CatalogDifferences,
): string {
  return id === undefined ? labelled(label) : nameOfId(id, catalog);
}

/** The same of an ID: `course/bell-states`. */
export function nameOfId(id: string, catalog?: CatalogDifferences): string {
  const [kind = "", ...rest] = id.split("/");
  return `${inert(kind)} **${inert(catalog?.titles.get(id) ?? rest.join("/"))}**`;
}

/** `GatewayRestart main` → `restart of the gateway **main**`; others keep the words of the plan. */
function labelled(label: string): string {
  const [kind = "", ...rest] = label.split(" ");
  const words = kind === "GatewayRestart" ? "restart of the gateway" : kind;
  return `${inert(words)} **${inert(rest.join(" "))}**`;
}
