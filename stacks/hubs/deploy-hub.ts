import { readFile } from "node:fs/promises";
import * as pulumi from "@pulumi/pulumi";
import type { HubDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import { digestOf } from "../../components/digest.ts";
import { Hub, urlOf } from "../../components/hub/hub.ts";
import { verifyCommands } from "../../components/hub/verify/verify-commands-resource.ts";
import type { HubOutput } from "../outputs.ts";
import { type Gate, isHeld } from "../promotion/gate.ts";
import { gatedOptions } from "../promotion/holds.ts";
import type { Parts } from "../promotion/hub-parts.ts";
import { deploymentOf, releaseArgs } from "./deployment.ts";
import type { HubsArgs } from "./hubs-args.ts";
import type { ReleasePlan } from "./release-plan.ts";

/** Registers a hub, and the operator's commands that verify it. @returns what the stack's outputs say of it */
export async function deployHub(hub: HubDeclaration, plan: ReleasePlan, gate: Gate<Parts>, args: HubsArgs) {
  const { cluster, policy, config, after } = args;
  const release = releaseArgs(plan, args);
  const retired = isRetired(hub, gate, args);
  if (retired) pulumi.log.warn(release.contact ? stopped(hub) : notStopped(hub));
  const registered = new Hub(
    hub.id,
    {
      cluster,
      declaration: hub,
      ...release,
      deployment: deploymentOf(plan),
      version: plan.runs,
      databaseKind: plan.database,
      notebookDigest: await notebookDigest(hub),
      retired,
    },
    {
      ...gatedOptions(gate, policy.protect && !retired),
      // What is retired stays as it is until it is removed.
      ...(retired ? { ignoreChanges: ["*"] } : {}),
      dependsOn: [...after],
    },
  );
  const token = config.hubTokens?.[hub.id];
  const commands =
    release.contact && !retired
      ? await verifyCommands(
          hub.id,
          hub.verify,
          { url: urlOf(hub), change: release.change, ...(token === undefined ? {} : { token }) },
          {
            parent: registered,
            protect: false,
            dependsOn: [...registered.checked],
            ...(isHeld(gate) ? { ignoreChanges: ["*"] } : {}),
          },
        )
      : [];
  return { registered, ...outputsOf(hub, plan, gate, registered, commands, args) };
}

/** The digest of the notebook that a hub's check executes; undefined where there is none. */
async function notebookDigest({ health }: HubDeclaration): Promise<string | undefined> {
  if (health === false || health.notebookPath === undefined) return undefined;
  return digestOf(await readFile(health.notebookPath));
}

const UNKNOWN: HubOutput = { parts: {}, healthy: false, chart: "", url: "", since: "" };

function outputsOf(
  hub: HubDeclaration,
  plan: ReleasePlan,
  gate: Gate<Parts>,
  registered: Hub,
  commands: readonly pulumi.Resource[],
  { before }: HubsArgs,
) {
  const { retired: _was, ...last } = before.hubs.get(hub.id) ?? UNKNOWN;
  const known = before.hubs.has(hub.id) ? last : undefined;
  const deployed =
    isHeld(gate) || registered.isRetired
      ? last
      : { parts: plan.parts, chart: plan.chartName, url: urlOf(hub) ?? "" };
  const verified = pulumi.all(commands.map(({ urn }) => urn));
  const output = pulumi
    .all([registered.healthy, registered.since, verified])
    .apply(([healthy, since]): HubOutput | undefined => ({
      ...deployed,
      healthy: healthy && (!isHeld(gate) || last.healthy),
      since,
      ...(registered.isStopped ? { retired: true } : {}),
    }));
  // What fails proves nothing, and takes nothing from the proofs of others. A hub whose first installation failed
  // is not there, one that is only unhealthy is.
  const unproven = { ...last, healthy: false };
  const failed = pulumi.recover<HubOutput | undefined>(
    registered.released.apply(() => unproven),
    () => known && unproven,
  );
  const lastHealthy = before.hubDeployments.get(hub.id);
  return {
    output: pulumi.recover<HubOutput | undefined>(output, () => failed),
    lastHealthy: pulumi.secret(
      registered.isRetired
        ? lastHealthy
        : pulumi.recover<string | undefined>(registered.lastHealthy, () => lastHealthy),
    ),
  };
}

/** Whether a hub is stopped: one that is held is what it was before. */
const isRetired = (hub: HubDeclaration, gate: Gate<Parts>, { before }: HubsArgs) =>
  isHeld(gate) ? before.hubs.get(hub.id)?.retired === true : hub.retire;

const stopped = ({ id }: HubDeclaration) =>
  `the hub ${id} is stopped; remove it from cluster.yaml to remove its release; its volumes stay`;

const notStopped = ({ id, cluster }: HubDeclaration) =>
  `the hub ${id} is not stopped, as lectern:clusters.${cluster}.contact is false`;
