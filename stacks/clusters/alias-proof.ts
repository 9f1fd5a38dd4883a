import { existsSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import { DEFAULT_CLUSTER } from "../../components/cluster/config.ts";
import type { StartableImage } from "../../components/hub/profiles/images/startable-images.ts";
import type { RecommendedImageArgs } from "../../components/image/recommended-image.ts";
import { allOf } from "../../components/problem/all.ts";
import { articlesIn, type Catalog, wholeOf } from "../catalog.ts";
import type { StackConfig } from "../config.ts";
import { letThrough } from "../kernels/kernel-proof.ts";
import type { StackPolicy } from "../policy.ts";
import type { PrepullPlace } from "./prepuller.ts";

type AliasProof = NonNullable<RecommendedImageArgs["proof"]>;

/** What decides whether notebooks are proven before an alias moves. */
export interface AliasProofArgs {
  readonly catalog: Catalog;
  readonly config: Pick<StackConfig, "prove" | "override" | "clusters">;
  readonly policy: Pick<StackPolicy, "provesNotebooks" | "environments">;
}

/** The courses of each entry that a lecture.yaml names in `hubs`, by `<cluster>/<entry of images.yaml>`. */
export type CoursesOfHubs = ReadonlyMap<string, AliasProof["courses"]>;

/**
 * Reads which courses are proven on images of hubs; none where the stack proves none.
 * @throws {LecternError} with everything that is wrong with any lecture.yaml
 */
export async function coursesOfHubs(
  clusters: readonly ClusterFiles[],
  { catalog, config, policy }: AliasProofArgs,
): Promise<CoursesOfHubs> {
  const found = new Map<string, { id: string; folder: string }[]>();
  if (!policy.provesNotebooks || config.prove === "off") return found;
  const { LECTURE_FILE, lectureOf } = await import("../../components/proof/lecture/lecture-file.ts");
  const declared = articlesIn(wholeOf(catalog)).filter(({ folder }) =>
    existsSync(join(folder, LECTURE_FILE)),
  );
  const own = new Set(clusters.map(({ name }) => name));
  const known = {
    entries: clusters.flatMap(({ name, images }) => Object.keys(images).map((key) => `${name}/${key}`)),
    elsewhere: wholeOf(catalog).clusters.flatMap(({ name }) => (own.has(name) ? [] : name)),
  };
  const read = await allOf(
    declared.map(async ({ id, folder }) => {
      const { settings } = await lectureOf(folder, folder, known);
      return { id, folder, hubs: settings.hubs };
    }),
  );
  for (const { hubs, ...course } of read)
    for (const entry of new Set(hubs)) found.set(entry, [...(found.get(entry) ?? []), course]);
  return found;
}

/** An image that an alias is about to move to. */
export interface Moving {
  readonly cluster: ClusterFiles;
  /** The entry of images.yaml. */
  readonly key: string;
  /** Where users can start it; undefined where no profile offers it. */
  readonly startable: StartableImage | undefined;
}

/** What is proven before an alias moves; undefined where nothing is. */
export function proofOfAlias(
  { cluster, key, startable }: Moving,
  courses: CoursesOfHubs,
  { config, policy }: AliasProofArgs,
): AliasProof | undefined {
  const entry = `${cluster.name}/${key}`;
  const own = courses.get(entry) ?? [];
  if (own.length === 0 || config.prove === "off") return undefined;
  const settings = config.clusters[cluster.name] ?? DEFAULT_CLUSTER;
  const hub = cluster.declaration?.hubs.find(
    ({ environment, retire }) => policy.environments.includes(environment) && !retire,
  );
  if (!hub || !cluster.declaration || !settings.contact) {
    const why = settings.contact
      ? "the cluster has no hub of this stack"
      : `lectern:clusters.${cluster.name}.contact is false`;
    pulumi.log.warn(`images ${entry}: no notebooks are proven on them, as ${why}`);
    return undefined;
  }
  const { context, kubeconfig } = cluster.declaration.provider;
  const proof: AliasProof = {
    mode: config.prove ?? "warn",
    entry,
    courses: own,
    hub: {
      cluster: cluster.name,
      ...(context === undefined ? {} : { context }),
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      namespace: hub.namespace,
      ...placementOf(startable, cluster, settings.userTolerations),
      ...(settings.pullSecrets.length > 0 ? { pullSecrets: settings.pullSecrets } : {}),
    },
  };
  return proof.mode === "require" && letThrough(`images/${entry}`, config)
    ? { ...proof, mode: "warn" }
    : proof;
}

/** What has to be there before notebooks are proven: the namespace of the hub, which this stack may be the first to use. */
export const neededByProof = (
  proof: AliasProof | undefined,
  place: Pick<PrepullPlace, "namespace"> | undefined,
): pulumi.Resource[] => (proof && place?.namespace ? [place.namespace(proof.hub.namespace)] : []);

/** Where a user's server with the image may be: on the nodes that hold it ready. */
function placementOf(
  startable: StartableImage | undefined,
  { nodeGroups }: ClusterFiles,
  userTolerations: readonly object[],
): Pick<AliasProof["hub"], "nodeSelector" | "tolerations" | "affinity"> {
  const slug = startable?.anywhere === false ? startable.nodeGroups[0] : undefined;
  const group = nodeGroups.find((one) => one.slug === slug);
  const tolerations = [...userTolerations, ...(group?.tolerations ?? [])];
  const required = group?.affinity?.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution;
  const placement = {
    ...(group ? { nodeSelector: group.node_selector } : {}),
    ...(tolerations.length > 0 ? { tolerations } : {}),
    ...(required
      ? { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } }
      : {}),
  };
  return JSON.parse(JSON.stringify(placement));
}
