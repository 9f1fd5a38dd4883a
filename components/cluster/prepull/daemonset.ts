import { LecternError, type Problem } from "../../problem/problem.ts";
import { dnsLabel } from "./dns-label.ts";
import { type PodSettings, type PrepullNodes, type PrepullPod, podOf } from "./prepull-pod.ts";

/** An image and the groups whose nodes hold it ready. */
export interface HeldImage {
  /** `repository@sha256:…`. */
  readonly image: string;
  /**
   * Whether every node that takes an ordinary pod holds it, besides those of the groups.
   * @default where there are no groups
   */
  readonly anywhere?: boolean;
  /** Slugs. */
  readonly nodeGroups: readonly string[];
}

export interface PrepullOptions extends PodSettings {
  readonly namespace: string;
  readonly nodeGroups: readonly PrepullNodes[];
  readonly images: readonly HeldImage[];
  /** Whose images these are, where several environments share a cluster: it is in the DaemonSets' names. */
  readonly environment?: string | undefined;
}

/** The DaemonSet of a node group, as Kubernetes takes it: only the fields that we set. */
export interface PrepullDaemonSet {
  readonly apiVersion: "apps/v1";
  readonly kind: "DaemonSet";
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly updateStrategy: object;
    readonly revisionHistoryLimit: number;
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: PrepullPod;
    };
  };
}

/** The name of the DaemonSet for every ordinary node; no slug leads to it, because slugs are prefixed. */
const ANYWHERE = "anywhere";

/**
 * The DaemonSets that make nodes pull images and keep them: one for each node group, one container for each
 * image. Pulls fail independently, the cluster serves new nodes by itself, and an image that a container
 * uses is never garbage-collected. The same selection gives the same manifests.
 * @throws {LecternError} for an image without a digest, or with an unknown node group
 */
export function prepullManifests(options: PrepullOptions): PrepullDaemonSet[] {
  const problems = options.images.flatMap((held) => imageProblems(held, options.nodeGroups));
  if (problems.length > 0) throw new LecternError(problems);
  const anywhere: PrepullNodes = { slug: "", node_selector: {} };
  return [anywhere, ...options.nodeGroups].flatMap((group) => {
    const images = imagesFor(group.slug, options.images);
    return images.length === 0 ? [] : [daemonSet(group, images, options)];
  });
}

/** The name of a node group's DaemonSet; an empty slug is that of every ordinary node. */
export function daemonSetName(slug: string, environment?: string): string {
  const prefix = environment === undefined ? "prepull" : `prepull-${environment}`;
  return slug === "" ? `${prefix}-${ANYWHERE}` : dnsLabel(slug, `${prefix}-on-`);
}

function imagesFor(slug: string, images: readonly HeldImage[]): string[] {
  const held = images.filter(({ nodeGroups, anywhere = nodeGroups.length === 0 }) =>
    slug === "" ? anywhere : nodeGroups.includes(slug),
  );
  return [...new Set(held.map(({ image }) => image))].sort();
}

function daemonSet(
  group: PrepullNodes,
  images: readonly string[],
  options: PrepullOptions,
): PrepullDaemonSet {
  const name = daemonSetName(group.slug, options.environment);
  const matchLabels = { "app.kubernetes.io/name": "lectern-prepull", "lectern.dev/prepull": name };
  const labels = { ...matchLabels, "app.kubernetes.io/managed-by": "lectern" };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: {
      name,
      namespace: options.namespace,
      labels,
      annotations: group.slug === "" ? {} : { "lectern.dev/node-group": group.slug },
    },
    spec: {
      selector: { matchLabels },
      // Nodes don't wait for each other: one that can't pull holds up none.
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%" } },
      revisionHistoryLimit: 2,
      template: { metadata: { labels }, spec: podOf(group, images, options) },
    },
  };
}

function imageProblems({ image, nodeGroups }: HeldImage, known: readonly PrepullNodes[]): Problem[] {
  const problems: Problem[] = [];
  if (!/@sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$/.test(image)) {
    problems.push({
      code: "image-by-tag",
      severity: "error",
      message: `the image ${JSON.stringify(image)} is not named by a digest, so nodes may hold an image other than the one that users start`,
      remedy: "Write repository@sha256:…",
    });
  }
  for (const slug of nodeGroups) {
    if (slug !== "" && known.some((group) => group.slug === slug)) continue;
    problems.push({
      code: "missing-node-group",
      severity: "error",
      message: `the image ${image} is for the unknown node group ${JSON.stringify(slug)}`,
      remedy: `Name one of ${known.map((group) => group.slug).join(", ") || "node-groups.json, which has none"}`,
    });
  }
  return problems;
}
