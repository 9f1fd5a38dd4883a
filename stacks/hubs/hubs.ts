import * as pulumi from "@pulumi/pulumi";
import type { HubDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import { Support } from "../../components/cluster/support.ts";
import { profilesLayer } from "../../components/hub/values/generated.ts";
import { hubSecretsLayer } from "../../components/hub/values/secrets/hub-secrets.ts";
import { allOf } from "../../components/problem/all.ts";
import { formatProblem } from "../../components/problem/problem.ts";
import type { HubOutput, SupportOutput } from "../outputs.ts";
import { type Gate, isHeld } from "../promotion/gate.ts";
import type { Parts } from "../promotion/hub-parts.ts";
import { deployHub } from "./deploy-hub.ts";
import { releaseArgs } from "./deployment.ts";
import type { HubsArgs } from "./hubs-args.ts";
import type { ReleasePlan } from "./release-plan.ts";
import { rolledBack } from "./rollback.ts";

/** Hubs as the stack's outputs describe them. */
export interface DeployedHubs {
  readonly hubs: Readonly<Record<string, pulumi.Output<HubOutput | undefined>>>;
  readonly support: Readonly<Record<string, pulumi.Output<SupportOutput>>>;
  readonly hubDeployments: Readonly<Record<string, pulumi.Output<string | undefined>>>;
}

/** Registers the support and the hubs of a cluster. @throws {LecternError} with what is wrong with any of them */
export async function deployHubs(args: HubsArgs): Promise<DeployedHubs> {
  const { declaration, policy, files } = args;
  const wanted = policy.environments.flatMap((environment) =>
    declaration.hubs.filter((hub) => hub.environment === environment),
  );
  const [support, ...plans] = await allOf([supportPlan(args), ...wanted.map((hub) => hubPlan(hub, args))]);
  for (const problem of [support, ...plans].flatMap((plan) => plan?.notices ?? []))
    pulumi.log.warn(formatProblem(problem));
  const deployed = support && policy.ownsSupport ? deploySupport(support, args) : undefined;
  const after = [...args.after, ...(deployed?.done ?? [])];
  const hubs: Record<string, pulumi.Output<HubOutput | undefined>> = {};
  const hubDeployments: Record<string, pulumi.Output<string | undefined>> = {};
  // A stack that has both environments deploys its staging hubs first.
  const registered = new Map<string, pulumi.Resource>();
  for (const [index, hub] of wanted.entries()) {
    const plan = plans[index];
    if (!plan) continue;
    const { gate, decided } = await decide(hub, plan, support, args);
    if (!args.holds.admits(`hub/${hub.id}`, gate, `the hub ${hub.id} is held`)) continue;
    const proving = hub.provenBy.flatMap((id) => registered.get(id) ?? []);
    const one = await deployHub(hub, decided, gate, { ...args, after: [...after, ...proving] });
    registered.set(hub.id, one.registered);
    hubs[hub.id] = one.output;
    hubDeployments[hub.id] = one.lastHealthy;
    if (!isHeld(gate) && !one.registered.isRetired)
      args.preview.compare(hub, decided, one.registered, args.cluster);
  }
  return { hubs, support: deployed ? { [files.name]: deployed.output } : {}, hubDeployments };
}

/** Whether a hub is deployed, and with what: its images in the place of their names, or what it goes back to. */
async function decide(
  hub: HubDeclaration,
  plan: ReleasePlan,
  support: ReleasePlan | undefined,
  { policy, images, before, reader }: HubsArgs,
): Promise<{ gate: Gate<Parts>; decided: ReleasePlan }> {
  if (hub.retire && !hub.hold) return { gate: retirementGate(hub, plan, before.hubs), decided: plan };
  if (hub.rollback && !hub.hold) {
    const decided = await rolledBack(hub, plan, before.hubDeployments.get(hub.id), reader);
    pulumi.log.warn(`the hub ${hub.id} is rolled back to its last healthy deployment, ${decided.chartName}`);
    return { gate: { use: decided.parts }, decided };
  }
  const { parts, values } = plan;
  const gate = await policy.hub({ hub, parts, support: support?.parts });
  if (isHeld(gate)) return { gate, decided: plan };
  const built = await images.valuesWith(values);
  if ("values" in built) return { gate, decided: { ...plan, values: built.values } };
  const hold = `its images ${built.held.join(", ")} are held`;
  return { gate: { hold, deployed: before.hubs.has(hub.id) }, decided: plan };
}

/** What is retired is only stopped, which needs no proof; there is nothing to stop of what was never deployed. */
function retirementGate(
  { id }: HubDeclaration,
  { parts }: ReleasePlan,
  before: HubsArgs["before"]["hubs"],
): Gate<Parts> {
  if (before.has(id)) return { use: parts };
  return { hold: "it has `retire: true`, and this stack has not deployed it", deployed: false };
}

const supportPlan = async ({ declaration: { support }, reader }: HubsArgs) =>
  support && reader.plan(support, () => [], []);

async function hubPlan(
  hub: HubDeclaration,
  { reader, profiles, config, images }: HubsArgs,
): Promise<ReleasePlan> {
  const given = hubSecretsLayer(config.hubSecrets ?? {}, hub.id);
  const plan = await reader.plan(
    hub,
    (chart, set) => (profiles.length > 0 ? [profilesLayer(profiles, chart, set)] : []),
    given ? [given] : [],
  );
  return { ...plan, parts: { ...plan.parts, ...(await images.parts(plan.values)) } };
}

function deploySupport(plan: ReleasePlan, args: HubsArgs) {
  const { cluster, declaration, policy, before } = args;
  const { name, support } = declaration;
  if (!support) return undefined;
  const registered = new Support(
    name,
    { cluster, declaration: support, ...releaseArgs(plan, args) },
    policy.protect ? { protect: true } : {},
  );
  const deployed = { parts: plan.parts, chart: plan.chartName, healthy: true };
  const failed = { ...(before.support.get(name) ?? { parts: {}, chart: "" }), healthy: false };
  const output = pulumi.recover<SupportOutput>(
    registered.healthy.apply(() => deployed),
    () => failed,
  );
  return { output, done: registered.done };
}
