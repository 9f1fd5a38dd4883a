import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { DEFAULT_CLUSTER } from "../../components/cluster/config.ts";
import type { HubDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import type { BuiltImage } from "../../components/cluster/prepull/image-prepuller.ts";
import { Support } from "../../components/cluster/support.ts";
import { startedImages } from "../../components/hub/profiles/images/started-images.ts";
import { profilesLayer } from "../../components/hub/values/generated.ts";
import { hubSecretsLayer } from "../../components/hub/values/secrets/hub-secrets.ts";
import { allOf } from "../../components/problem/all.ts";
import { formatProblem } from "../../components/problem/problem.ts";
import type { HubOutput, SupportOutput } from "../outputs/outputs.ts";
import { type Gate, isHeld } from "../promotion/gate.ts";
import { gatedOptions } from "../promotion/holds.ts";
import type { Parts } from "../promotion/hub-parts.ts";
import { deployHub } from "./deploy-hub.ts";
import { examDecision } from "./exam-mode.ts";
import { frozenHub } from "./frozen-hub.ts";
import type { HubPlanArgs, HubsArgs } from "./hubs-args.ts";
import type { PlannedHub } from "./planned-hub.ts";
import { deployedRelease } from "./release/deployed-release.ts";
import { releaseArgs } from "./release/deployment.ts";
import type { ReleasePlan } from "./release/release-plan.ts";
import { copyOfChart, isRolledBack, keptDeployment, rollbackNotice, rolledBack } from "./release/rollback.ts";

/** Hubs as the stack's outputs describe them. */
export interface DeployedHubs {
  readonly hubs: Readonly<Record<string, pulumi.Output<HubOutput | undefined>>>;
  readonly support: Readonly<Record<string, pulumi.Output<SupportOutput>>>;
  readonly hubDeployments: Readonly<Record<string, pulumi.Output<string | undefined>>>;
}

/** What a cluster is to run. */
export interface PlannedHubs {
  readonly support: ReleasePlan | undefined;
  readonly hubs: readonly PlannedHub[];
}

/** Reads the support and the hubs of a cluster, and decides of each. @throws {LecternError} with what is wrong with any of them */
export async function planHubs(args: HubPlanArgs): Promise<PlannedHubs> {
  const { declaration, policy } = args;
  const wanted = policy.environments.flatMap((environment) =>
    declaration.hubs.filter((hub) => hub.environment === environment).map((hub) => reached(hub, args)),
  );
  const [support, ...plans] = await allOf([supportPlan(args), ...wanted.map((hub) => hubPlan(hub, args))]);
  for (const problem of [support, ...plans].flatMap((plan) => plan?.notices ?? []))
    pulumi.log.warn(formatProblem(problem));
  const hubs: PlannedHub[] = [];
  for (const [index, hub] of wanted.entries()) {
    const plan = plans[index];
    if (!plan) continue;
    const { decided, ...decision } = await examDecision(hub, plan, args, () =>
      decide(hub, plan, support, args),
    );
    const { gate } = decision;
    if (isHeld(gate) || isRolledBack(hub) || decided.base) await args.images.keep(plan.values);
    if (isHeld(gate) || hub.retire) await copyOfChart(keptDeployment(args.before.hubDeployments.get(hub.id)));
    // What is rolled back names its images by their digests.
    const isRetired = hub.retire && (!isHeld(gate) || args.before.hubs.get(hub.id)?.retired === true);
    const isLeaving = !hub.hold && (isRetired || hub.rollback);
    const started = isLeaving ? [] : startedImages(plan.values, plan.jupyterhub, args.rendered);
    hubs.push({ ...decision, hub, plan: decided, started });
  }
  return { support, hubs };
}

/** Registers the support and the hubs of a cluster. */
export async function deployHubs(
  { support, hubs: planned }: PlannedHubs,
  args: HubsArgs,
): Promise<DeployedHubs> {
  const { policy, files } = args;
  const beside = support && policy.ownsSupport ? deploySupport(support, args) : undefined;
  const after = [...args.after, ...(beside?.done ?? [])];
  const hubs: Record<string, pulumi.Output<HubOutput | undefined>> = {};
  const hubDeployments: Record<string, pulumi.Output<string | undefined>> = {};
  // A stack that has both environments deploys its staging hubs first.
  const registered = new Map<string, pulumi.Resource>();
  for (const one of planned) {
    const { hub, plan, gate, waiting } = one;
    if (!args.holds.admits(`hub/${hub.id}`, waiting ?? gate, `the hub ${hub.id} is held`)) continue;
    const proving = hub.provenBy.flatMap((id) => registered.get(id) ?? []);
    if (isRolledBack(hub)) pulumi.log.warn(await rollbackNotice(hub, plan, recordOf(hub, args)));
    const deployed = await deployHub(one, { ...args, after: [...after, ...proving] });
    registered.set(hub.id, deployed.registered);
    hubs[hub.id] = deployed.output;
    hubDeployments[hub.id] = deployed.lastHealthy;
    if (!isHeld(gate) && !deployed.registered.isRetired)
      args.preview.compare(hub, plan, deployed.registered, args.cluster);
  }
  return { hubs, support: beside ? { [files.name]: beside.output } : {}, hubDeployments };
}

/** The images that the nodes of a cluster hold for its hubs. */
export const builtImages = (
  { hubs }: PlannedHubs,
  { images, before }: Pick<HubPlanArgs, "images" | "before">,
): BuiltImage[] =>
  hubs
    .filter(({ gate }) => !isHeld(gate) || gate.deployed)
    .flatMap(({ hub, plan, gate, started }) =>
      started.flatMap(({ name, ...where }) => {
        const image =
          isHeld(gate) || (plan.base && !plan.images)
            ? images.startedWhileHeld(name, before.hubs.get(hub.id))
            : images.started(name);
        return image ? [{ ...where, image }] : [];
      }),
    );

/** A hub as it is reached: without its domain where nobody answers there. */
function reached(hub: HubDeclaration, { config }: HubPlanArgs): HubDeclaration {
  const { domains } = config.clusters[hub.cluster] ?? DEFAULT_CLUSTER;
  const { domain: _, ...rest } = hub;
  return domains ? hub : rest;
}

/** Whether a hub is deployed, and with what: its images in the place of their names, or what it goes back to. */
async function decide(
  hub: HubDeclaration,
  plan: ReleasePlan,
  support: ReleasePlan | undefined,
  args: HubPlanArgs,
): Promise<{ gate: Gate<Parts>; decided: ReleasePlan }> {
  const { policy, images, before, reader } = args;
  const frozen = await frozenHub(hub, plan, support, args);
  if (frozen) return { gate: frozen, decided: plan };
  if (hub.retire && !hub.hold) return { gate: retirementGate(hub, plan, before.hubs), decided: plan };
  if (isRolledBack(hub)) {
    const decided = await rolledBack(hub, plan, before.hubDeployments.get(hub.id), reader);
    return { gate: { use: decided.parts }, decided };
  }
  const { parts, values } = plan;
  const gate = await policy.hub({ hub, parts, support: support?.parts });
  if (isHeld(gate)) return { gate, decided: plan };
  const built = await images.valuesWith(values);
  if ("values" in built) return { gate, decided: { ...plan, ...built } };
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

/** Reads Helm's record of a hub; undefined where its cluster is not contacted. */
function recordOf(hub: HubDeclaration, { cluster, config }: HubsArgs) {
  const { contact } = config.clusters[hub.cluster] ?? DEFAULT_CLUSTER;
  return contact ? async () => (await deployedRelease(hub, cluster, config)).record : undefined;
}

const supportPlan = async ({ declaration: { support }, reader }: HubPlanArgs) =>
  support && reader.plan(support, () => [], []);

async function hubPlan(
  hub: HubDeclaration,
  { reader, rendered, config, images }: HubPlanArgs,
): Promise<ReleasePlan> {
  const profiles = rendered.map(({ profile }) => profile);
  const given = hubSecretsLayer(config.hubSecrets ?? {}, hub.id);
  const plan = await reader.plan(
    hub,
    (chart, set) => (profiles.length > 0 ? [profilesLayer(profiles, chart, set)] : []),
    given ? [given] : [],
  );
  return { ...plan, parts: { ...plan.parts, ...(await images.parts(plan.values)) } };
}

function deploySupport(plan: ReleasePlan, args: HubsArgs) {
  const { cluster, declaration, policy, before, holds } = args;
  const { name, support } = declaration;
  if (!support) return undefined;
  const gate = frozenSupport(name, plan, args);
  holds.admits(`support/${name}`, gate, `the support of ${name} is held`);
  const registered = new Support(
    name,
    { cluster, declaration: support, ...releaseArgs(plan, args), held: isHeld(gate) },
    gatedOptions(gate, policy.protect),
  );
  const last = before.support.get(name);
  if (isHeld(gate) && last) return { output: pulumi.output(last), done: registered.done };
  const deployed = { parts: plan.parts, chart: plan.chartName, healthy: true };
  const failed = { ...(last ?? { parts: {}, chart: "" }), healthy: false };
  const output = pulumi.recover<SupportOutput>(
    registered.healthy.apply(() => deployed),
    () => failed,
  );
  return { output, done: registered.done };
}

/** The gate of what a cluster runs beside its hubs, at the moment of the run: people of every hub are served by it. */
function frozenSupport(name: string, { parts }: ReleasePlan, { freeze, before }: HubsArgs): Gate<Parts> {
  const last = before.support.get(name);
  const by = last && freeze.frozen.support.get(name);
  const differs = !last || !isDeepStrictEqual({ ...parts }, { ...last.parts });
  return freeze.decide(`support/${name}`, by, { use: parts }, { deployed: true, differs });
}
