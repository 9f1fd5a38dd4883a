import type { HubDeclaration } from "../cluster/declaration/cluster-declaration.ts";

/** Where a hub is reached, without a slash at its end; undefined where only the cluster's API reaches it. */
export function urlOf({ health, domain }: Pick<HubDeclaration, "health" | "domain">): string | undefined {
  const given = health === false ? undefined : health.url?.replace(/\/+$/, "");
  return given ?? (domain === undefined ? undefined : `https://${domain}`);
}
