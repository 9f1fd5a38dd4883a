import { readFile } from "node:fs/promises";
import * as pulumi from "@pulumi/pulumi";
import type { HubDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import { digestOf } from "../../components/digest.ts";
import { Hub } from "../../components/hub/hub.ts";
import { urlOf } from "../../components/hub/hub-address.ts";
import { verifyCommands } from "../../components/hub/verify/verify-commands-resource.ts";
import type { HubOutput } from "../outputs/outputs.ts";
import { type Gate, isHeld } from "../promotion/gate.ts";
import { gatedOptions } from "../promotion/holds.ts";
import type { Parts } from "../promotion/hub-parts.ts";
import type { HubsArgs } from "./hubs-args.ts";
import type { PlannedHub } from "./planned-hub.ts";
import { deploymentOf, releaseArgs } from "./release/deployment.ts";
import type { ReleasePlan } from "./release/release-plan.ts";

/** Registers a hub, and the operator's commands that verify it. @returns what the stack's outputs say of it */
export async function deployHub(planned: PlannedHub, args: HubsArgs) {
  const { hub, plan, gate } = planned;
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
      held: isHeld(gate),
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
  return {
    registered,
    output: outputOf(planned, registered, commands, args),
    lastHealthy: lastHealthyOf(hub, gate, registered, args),
  };
}

/** The images of the catalog in its values, where there are some. */
const imagesOf = ({ images = {} }: ReleasePlan) =>
  pulumi.all(images).apply((all) => (Object.keys(all).length === 0 ? {} : { images: all }));

/** The digest of the notebook that a hub's check executes; undefined where there is none. */
async function notebookDigest({ health }: HubDeclaration): Promise<string | undefined> {
  if (health === false || health.notebookPath === undefined) return undefined;
  return digestOf(await readFile(health.notebookPath));
}

/** The images of a hub that is deployed from what was kept, in which they are no longer named. */
const keptImages = ({ base, images: named }: ReleasePlan, { images }: HubOutput) =>
  base && !named && images ? { images } : {};

const UNKNOWN: HubOutput = { parts: {}, healthy: false, chart: "", url: "", since: "" };

function outputOf(
  { hub, plan, gate, exam }: PlannedHub,
  registered: Hub,
  commands: readonly pulumi.Resource[],
  { before }: HubsArgs,
) {
  const { retired: _was, edits: _were, exam: wasExam, ...last } = before.hubs.get(hub.id) ?? UNKNOWN;
  const known = before.hubs.has(hub.id) ? last : undefined;
  const [earlier, offered] = [wasExam, exam].map((slugs) => (slugs ? { exam: slugs } : {}));
  const deployed =
    isHeld(gate) || registered.isRetired
      ? last
      : { ...keptImages(plan, last), parts: plan.parts, chart: plan.chartName, url: urlOf(hub) ?? "" };
  const verified = pulumi.all(commands.map(({ urn }) => urn));
  const named = imagesOf(plan);
  const output = pulumi
    .all([registered.healthy, registered.since, registered.edits, named, verified])
    .apply(([healthy, since, edits, images]): HubOutput | undefined => ({
      ...deployed,
      ...images,
      healthy: healthy && (!isHeld(gate) || last.healthy),
      since,
      ...(isHeld(gate) && edits.length > 0 ? { edits } : {}),
      ...(registered.isStopped ? { retired: true } : {}),
      ...(isHeld(gate) ? earlier : offered),
    }));
  // What fails proves nothing, and takes nothing from the proofs of others. A hub whose first installation failed
  // is not there, one that is only unhealthy is, with the images that it was deployed with.
  const unproven = { ...last, healthy: false };
  const failed = pulumi.recover<HubOutput | undefined>(
    pulumi.all([registered.released, named]).apply(([, images]) => ({ ...unproven, ...images, ...offered })),
    () => known && { ...unproven, ...earlier },
  );
  return pulumi.recover<HubOutput | undefined>(output, () => failed);
}

/** What is kept for a rollback: what fails, is held or is only stopped leaves it as it was. */
function lastHealthyOf(hub: HubDeclaration, gate: Gate<Parts>, registered: Hub, { before }: HubsArgs) {
  const last = before.hubDeployments.get(hub.id);
  return pulumi.secret(
    registered.isRetired || isHeld(gate)
      ? last
      : pulumi.recover<string | undefined>(registered.lastHealthy, () => last),
  );
}

/** Whether a hub is stopped: one that is held is what it was before. */
const isRetired = (hub: HubDeclaration, gate: Gate<Parts>, { before }: HubsArgs) =>
  isHeld(gate) ? before.hubs.get(hub.id)?.retired === true : hub.retire;

const stopped = ({ id }: HubDeclaration) =>
  `the hub ${id} is stopped; remove it from cluster.yaml to remove its release; its volumes stay`;

const notStopped = ({ id, cluster }: HubDeclaration) =>
  `the hub ${id} is not stopped, as lectern:clusters.${cluster}.contact is false`;
