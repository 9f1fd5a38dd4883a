import { type Document, isMap, parseDocument } from "yaml";
import type { Scope } from "../../../stacks/shards/scope.ts";

/** A scope as a person writes it: without what it does not deploy. */
function written({ articles, kernels, clusters }: Scope): Record<string, unknown> {
  return {
    ...(articles ? { articles } : {}),
    ...(kernels ? { kernels } : {}),
    ...(clusters.length > 0 ? { clusters } : {}),
  };
}

/** The text of a stack's file with another scope; comments and everything else stay. */
export function withScope(text: string, scope: Scope): string {
  return withConfig(text, { "lectern:scope": written(scope) });
}

/** The text of a stack's file with these keys; undefined takes one away. */
export function withConfig(text: string, values: Readonly<Record<string, unknown>>): string {
  const document: Document = parseDocument(text);
  if (!isMap(document.contents)) document.contents = document.createNode({});
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) document.deleteIn(["config", key]);
    else document.setIn(["config", key], document.createNode(value, { flow: true }));
  }
  return document.toString({ lineWidth: 0 });
}
