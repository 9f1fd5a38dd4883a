import { stringify } from "yaml";
import type { ImportPlan } from "./plan.ts";
import type { ReleaseFiles } from "./values-files.ts";

/** A hub as `cluster.yaml` has it. */
export interface WrittenHub extends ReleaseFiles {
  readonly name: string;
  readonly chart: string;
  readonly environment?: "staging" | "prod";
  readonly domain?: string;
  readonly staging?: readonly string[];
  readonly gate?: "none";
}

/** A cluster as it is written. */
export interface WrittenCluster {
  readonly name: string;
  /** Of the kubeconfig of whoever deploys. */
  readonly context: string | undefined;
  readonly support?: ReleaseFiles & { readonly chart: string };
  readonly hubs: readonly WrittenHub[];
}

/** Writes a cluster's `cluster.yaml`, and names the releases that it runs. */
export function writeCluster(plan: ImportPlan, { name, context, support, hubs }: WrittenCluster): void {
  const content = {
    ...(context === undefined ? {} : { provider: { context } }),
    ...(support ? { support } : {}),
    hubs,
  };
  plan.files.set(`clusters/${name}/cluster.yaml`, { text: stringify(content) });
  if (support) {
    const resource = `${name}/support`;
    plan.releases.push({ environment: "staging", resource, namespace: "support", release: "support" });
  }
  for (const hub of hubs) {
    const resource = `${name}/${hub.name}`;
    plan.releases.push({
      environment: environmentOf(hub),
      resource,
      namespace: hub.name,
      release: hub.name,
    });
  }
}

/** Staging where the name says so, as in both layouts. */
export const environmentOf = ({ name, environment }: Pick<WrittenHub, "name" | "environment">) =>
  environment ?? (name.includes("staging") ? "staging" : "prod");

/** A name as a folder of the catalog may have it. */
export const slugOf = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
