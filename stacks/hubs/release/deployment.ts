import * as pulumi from "@pulumi/pulumi";
import { DEFAULT_CLUSTER } from "../../../components/cluster/config.ts";
import { digestOf } from "../../../components/digest.ts";
import { isObject, type JsonObject, sortedKeys } from "../../../components/json.ts";
import type { StackConfig } from "../../config.ts";
import type { ReleasePlan } from "./release-plan.ts";

/** The values that a release is given, with what is secret of them marked: the engine encrypts it. */
function valuesFor({ values, secretValues }: ReleasePlan): Record<string, pulumi.Input<unknown>> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, marking(value, secretValues[key])]),
  );
}

function marking(values: unknown, secrets: unknown): unknown {
  if (secrets === undefined) return values;
  if (!isObject(secrets) || !isObject(values)) return pulumi.secret(values);
  const entries = Object.entries(values).map(([key, value]) => [key, marking(value, secrets[key])]);
  return Object.fromEntries(entries);
}

/**
 * The digest of chart and values: while it is the same, nothing is deployed. It is a secret where values are, as
 * a short one could be guessed from it.
 */
export function changeOf({ parts, values, secretValues }: ReleasePlan): pulumi.Output<string> {
  const digest = settled(values).apply((known) =>
    digestOf(JSON.stringify({ chart: parts["chart"], values: sortedKeys(known) })).slice(7, 23),
  );
  return Object.keys(secretValues).length === 0 ? digest : pulumi.secret(digest);
}

/** What is kept of a healthy deployment, for a rollback. */
export function deploymentOf(plan: ReleasePlan): pulumi.Output<string> {
  const { chart, copyOf = chart, packed, chartName: version, parts, runs, values } = plan.base ?? plan;
  return pulumi.secret(
    settled(values).apply((known) =>
      JSON.stringify({ chart: copyOf, packed, version, parts, runs, values: known }),
    ),
  );
}

/** Values whose images are known. */
const settled = (values: JsonObject): pulumi.Output<JsonObject> =>
  // The SDK's type of what it unwraps is of no use for a map of anything.
  pulumi.output(values) as unknown as pulumi.Output<JsonObject>;

/** What a release is registered with, a hub's or a support's. */
export function releaseArgs(
  plan: ReleasePlan,
  { files, config }: { readonly files: { readonly name: string }; readonly config: StackConfig },
) {
  const { contact } = config.clusters[files.name] ?? DEFAULT_CLUSTER;
  return { chart: plan.chart, values: valuesFor(plan), change: changeOf(plan), contact };
}
