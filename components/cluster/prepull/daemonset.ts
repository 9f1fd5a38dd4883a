import { LecternError, type Problem } from "../../problem/problem.ts";
import { dnsLabel, shortHash } from "./dns-label.ts";

/** A node group, with the field names of node-groups.json. */
export interface PrepullNodes {
  readonly slug: string;
  readonly node_selector: Readonly<Record<string, string>>;
  readonly tolerations?: readonly object[] | undefined;
  readonly affinity?:
    | {
        readonly nodeAffinity: {
          readonly requiredDuringSchedulingIgnoredDuringExecution?: object | undefined;
        };
      }
    | undefined;
}

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

export interface PrepullOptions {
  readonly namespace: string;
  readonly nodeGroups: readonly PrepullNodes[];
  readonly images: readonly HeldImage[];
  /**
   * A small image with a static `/bin/busybox`: each container runs that to wait, so that an image
   * needs nothing of its own to be held.
   */
  readonly pauseImage: string;
  /** Names of the secrets in the namespace that give access to the registries. */
  readonly pullSecrets?: readonly string[];
  readonly priorityClassName?: string;
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

/** A node's pod: a container for each image. */
interface PrepullPod {
  readonly automountServiceAccountToken: false;
  readonly enableServiceLinks: false;
  readonly terminationGracePeriodSeconds: 0;
  readonly securityContext: object;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations?: readonly object[];
  readonly affinity?: { readonly nodeAffinity: object };
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  readonly priorityClassName?: string;
  readonly initContainers: readonly PrepullContainer[];
  readonly containers: readonly PrepullContainer[];
  readonly volumes: readonly object[];
}

interface PrepullContainer {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy: "IfNotPresent";
  readonly command: readonly string[];
  readonly workingDir: string;
  readonly resources: object;
  readonly securityContext: object;
  readonly volumeMounts: readonly object[];
}

/** The name of the DaemonSet for every ordinary node; no slug leads to it, because slugs are prefixed. */
const ANYWHERE = "anywhere";
const FOLDER = "/lectern";
/** The container that copies the program, and the volume that it copies to; another name would change every DaemonSet. */
const VOLUME = "carrier";

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
export function daemonSetName(slug: string): string {
  return slug === "" ? `prepull-${ANYWHERE}` : dnsLabel(slug, "prepull-on-");
}

/** The name of an image's container: the beginning of its digest, and a hash of where it comes from. */
export function containerName(image: string): string {
  const at = image.lastIndexOf("@");
  const [beginning] = /(?<=^sha\d+:)[0-9a-f]{16}/.exec(image.slice(at + 1)) ?? [shortHash(image)];
  return `image-${beginning}-${shortHash(image.slice(0, Math.max(0, at)))}`;
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
  const name = daemonSetName(group.slug);
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

function podOf(group: PrepullNodes, images: readonly string[], options: PrepullOptions): PrepullPod {
  const required = group.affinity?.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution;
  const { pullSecrets = [], priorityClassName } = options;
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 0,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65534,
      runAsGroup: 65534,
      seccompProfile: { type: "RuntimeDefault" },
    },
    nodeSelector: { ...group.node_selector },
    ...(group.tolerations?.length ? { tolerations: group.tolerations } : {}),
    ...(required
      ? { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } }
      : {}),
    ...(pullSecrets.length > 0 ? { imagePullSecrets: pullSecrets.map((name) => ({ name })) } : {}),
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
    initContainers: [
      container(
        VOLUME,
        options.pauseImage,
        ["/bin/busybox", "cp", "/bin/busybox", `${FOLDER}/busybox`],
        false,
      ),
    ],
    containers: images.map((image) =>
      container(containerName(image), image, [`${FOLDER}/busybox`, "sleep", "2147483647"], true),
    ),
    volumes: [{ name: VOLUME, emptyDir: { sizeLimit: "16Mi" } }],
  };
}

function container(name: string, image: string, command: readonly string[], readOnly: boolean) {
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent" as const,
    command,
    // Otherwise the image's own working directory applies, which this user may not be allowed to enter.
    workingDir: FOLDER,
    resources: { requests: { cpu: "1m", memory: "1Mi" }, limits: { memory: "16Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [{ name: VOLUME, mountPath: FOLDER, ...(readOnly ? { readOnly } : {}) }],
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
