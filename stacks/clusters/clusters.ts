import * as pulumi from "@pulumi/pulumi";
import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import { imagesOf } from "../../components/hub/profiles/images/startable-images.ts";
import type { KubeSpawnerProfile, RenderedProfile } from "../../components/hub/profiles/profile-list.ts";
import type { StackConfig } from "../config.ts";
import type { DeclaredCluster, DeclaredClusters } from "../hubs/declared-cluster.ts";
import type { DeployedHubs } from "../hubs/hubs.ts";
import type { Provable } from "../kernels/kernel-proof.ts";
import type { AliasOutput, HubChangesOutput, SelectedImages, WarmUpOutput } from "../outputs/outputs.ts";
import { type CoursesOfHubs, coursesOfHubs, neededByProof, proofOfAlias } from "./alias-proof.ts";
import { Aliases } from "./aliases.ts";
import type { ClustersArgs } from "./clusters-args.ts";
import { offerOf } from "./offer.ts";
import { planClusters } from "./plan-clusters.ts";
import type { HeldImages, Prepulled } from "./prepuller.ts";
import type { Selected } from "./selected-images.ts";

/** Clusters as the stack's outputs describe them. */
export interface DeployedClusters extends DeployedHubs {
  /** By `<cluster>/<entry of images.yaml>`. */
  readonly images: Readonly<Record<string, pulumi.Output<SelectedImages | undefined>>>;
  /** By cluster: the hub's `profile_list`. */
  readonly profiles: Readonly<Record<string, readonly KubeSpawnerProfile[]>>;
  /** By `<cluster>/<entry of images.yaml>`. */
  readonly aliases: Readonly<Record<string, pulumi.Output<AliasOutput | undefined>>>;
  /** By event of the calendar. */
  readonly warmUps: Readonly<Record<string, WarmUpOutput>>;
  /** By cluster. */
  readonly hubChanges: Readonly<Record<string, pulumi.Output<HubChangesOutput>>>;
  /** The aliases that notebooks may hold. */
  readonly provable: readonly Provable[];
}

/** Registers what each cluster of the catalog needs. @throws {LecternError} with what is wrong with any of them */
export async function deployClusters(args: ClustersArgs): Promise<DeployedClusters> {
  const images: Record<string, pulumi.Output<SelectedImages | undefined>> = {};
  const moved: Record<string, pulumi.Output<AliasOutput | undefined>> = {};
  const warmUps: Record<string, WarmUpOutput> = {};
  const hubChanges: Record<string, pulumi.Output<HubChangesOutput>> = {};
  const aliases = new Aliases(args.config, args.before.aliases);
  const provable: Provable[] = [];
  const courses = args.clusters.length > 0 ? await coursesOfHubs(args.clusters, args) : NO_COURSES;
  const hubs: DeployedHubs[] = [];
  const declared = await declaredIn(args);
  const plans = await planClusters(args, declared);
  for (const { cluster, selected, rendered, place, planned } of plans) {
    const built = (planned && place?.builtImages(planned)) ?? [];
    const nodes = await prepull(cluster, { images: imagesOf(rendered), built }, args.config, place);
    for (const [key, selection] of Object.entries(selected)) {
      if ("hold" in selection) continue;
      const id = `${cluster.name}/${key}`;
      const isFrozen = isAliasFrozen(cluster.name, id, args);
      const startable = startableIn(rendered, selection);
      const proof = proofOfAlias({ cluster, key, startable }, courses, args);
      const after = [
        ...waitedFor(id, selection, nodes, args.config),
        ...neededByProof(proof, place?.prepull),
      ];
      const alias = aliases.move(cluster, key, selection, { after, isFrozen, proof });
      // What fails takes nothing from the outputs of others.
      if (alias) moved[id] = pulumi.recover(alias.output, () => args.before.aliases.get(id));
      if (alias && proof?.mode === "require") provable.push({ id: `images/${id}`, held: alias.held });
      // Another stack takes this as proven: it is written once the nodes and the alias are right.
      const done = pulumi
        .all([nodes.ready, alias?.output, alias?.held])
        .apply(([, , held]): SelectedImages | undefined => (held ? args.before.images.get(id) : selection));
      images[id] = pulumi.recover(done, () => args.before.images.get(id));
    }
    if (!place || !planned) continue;
    hubs.push(await place.deployHubs(planned, nodes.done));
    Object.assign(warmUps, place.warmUp(planned, rendered));
    const told = place.announce(planned, offerOf(rendered, imagesIn(cluster, selected, images)));
    if (told) hubChanges[cluster.name] = told;
  }
  await declared?.end();
  const profiles = Object.fromEntries(
    plans.map(({ cluster, rendered }) => [cluster.name, rendered.map(({ profile }) => profile)]),
  );
  return { images, profiles, aliases: moved, warmUps, hubChanges, provable, ...together(hubs) };
}

const NO_COURSES: CoursesOfHubs = new Map();

/** Where users can start the image that is recommended. */
const startableIn = (rendered: readonly RenderedProfile[], { repository, recommended }: SelectedImages) =>
  imagesOf(rendered).find(({ image }) => image === `${repository}@${recommended?.digest}`);

/** By the entry of images.yaml. */
const imagesIn = ({ name }: ClusterFiles, selected: Selected, images: DeployedClusters["images"]) =>
  Object.fromEntries(
    Object.keys(selected).flatMap((key) => {
      const deployed = images[`${name}/${key}`];
      return deployed ? [[key, deployed]] : [];
    }),
  );

/** Whether an alias stays where it is at the moment of the run, a rollback of it included. */
const isAliasFrozen = (cluster: string, id: string, { freeze, before }: ClustersArgs) =>
  !freeze.isPassed && freeze.frozen.images.has(cluster) && before.aliases.has(id);

/** What an alias waits for: the nodes that hold what it is moved to, unless a person decided otherwise. */
function waitedFor(
  id: string,
  { repository, menu: [head] }: SelectedImages,
  nodes: Prepulled,
  config: StackConfig,
): pulumi.Resource[] {
  if (!head || config.images[id]?.waitForNodes === false) return [];
  return nodes.holding(id, `${repository}@${head.digest}`);
}

/** Loads what registers hubs, and the SDK of Kubernetes, only where a cluster declares some. */
async function declaredIn({
  hubImages: images,
  ...args
}: ClustersArgs): Promise<DeclaredClusters | undefined> {
  if (!args.clusters.some(({ declaration }) => declaration)) return undefined;
  const { DeclaredClusters } = await import("../hubs/declared-cluster.ts");
  return new DeclaredClusters({ ...args, images });
}

const together = (all: readonly DeployedHubs[]): DeployedHubs => ({
  hubs: Object.assign({}, ...all.map(({ hubs }) => hubs)),
  support: Object.assign({}, ...all.map(({ support }) => support)),
  hubDeployments: Object.assign({}, ...all.map(({ hubDeployments }) => hubDeployments)),
});

/** Every image that users can start, on the nodes where they can; nothing where there is none. */
async function prepull(
  cluster: ClusterFiles,
  held: HeldImages,
  config: StackConfig,
  declared: DeclaredCluster | undefined,
): Promise<Prepulled> {
  if (held.images.length + held.built.length === 0)
    return { ready: pulumi.output(true), done: [], holding: () => [] };
  // The SDK of Kubernetes is loaded only for clusters with images.
  const prepuller = await import("./prepuller.ts");
  const place = declared?.prepull ?? prepuller.configuredPlace(cluster, config);
  return prepuller.prepull(cluster, held, config, place);
}
