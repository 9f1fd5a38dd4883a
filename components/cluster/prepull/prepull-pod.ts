import { shortHash } from "./dns-label.ts";

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

/** What the pods of a cluster's prepuller have in common. */
export interface PodSettings {
  /**
   * A small image with a static `/bin/busybox`: each container runs that to wait, so that an image
   * needs nothing of its own to be held.
   */
  readonly pauseImage: string;
  /** Names of the secrets in the namespace that give access to the registries. */
  readonly pullSecrets?: readonly string[];
  readonly priorityClassName?: string;
  /**
   * What every user's pod tolerates, whatever its node group.
   * @default nothing
   */
  readonly userTolerations?: readonly object[];
  /**
   * Seconds over which nodes begin to pull: each waits for its own share of them first.
   * @default 0: all nodes begin at once
   */
  readonly pullSpread?: number;
}

/** A node's pod: a container for each image. */
export interface PrepullPod {
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
  readonly env: readonly object[];
  readonly resources: object;
  readonly securityContext: object;
  readonly volumeMounts: readonly object[];
}

const FOLDER = "/lectern";
/** The container that copies the program, and the volume that it copies to; another name would change every DaemonSet. */
const VOLUME = "carrier";
/** All images are Linux's, and so is the program that holds them. */
const LINUX = { "kubernetes.io/os": "linux" };
/**
 * An image for GPUs asks for all of them, and for a driver that suits it: where the container runtime is
 * NVIDIA's, its container would not start on a node without one.
 */
const NO_GPU = { name: "NVIDIA_VISIBLE_DEVICES", value: "void" };

/** The pod that holds images on the nodes of a group. */
export function podOf(group: PrepullNodes, images: readonly string[], settings: PodSettings): PrepullPod {
  const required = group.affinity?.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution;
  const { pullSecrets = [], priorityClassName, userTolerations = [], pullSpread = 0 } = settings;
  const tolerations = [...userTolerations, ...(group.tolerations ?? [])];
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
    nodeSelector: { ...LINUX, ...group.node_selector },
    ...(tolerations.length > 0 ? { tolerations } : {}),
    ...(required
      ? { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } }
      : {}),
    ...(pullSecrets.length > 0 ? { imagePullSecrets: pullSecrets.map((name) => ({ name })) } : {}),
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
    initContainers: [
      container(
        VOLUME,
        settings.pauseImage,
        ["/bin/busybox", "cp", "/bin/busybox", `${FOLDER}/busybox`],
        false,
      ),
      ...(pullSpread > 0 ? [turn(pullSpread, settings.pauseImage)] : []),
    ],
    containers: images.map((image) =>
      container(containerName(image), image, [`${FOLDER}/busybox`, "sleep", "2147483647"], true),
    ),
    volumes: [{ name: VOLUME, emptyDir: { sizeLimit: "16Mi" } }],
  };
}

/**
 * Waits for the node's turn, which its name decides: a kubelet pulls the images of ordinary containers only once
 * this has ended. So the registry's load is spread in the first roll-out too, which a DaemonSet begins on all nodes
 * at once whatever its update strategy says, and a node that can't pull holds up no other.
 */
function turn(seconds: number, pauseImage: string): PrepullContainer {
  // Without md5sum in the busybox, the node's turn is at once.
  const sum = `sum=$(printf %s "$NODE" | ${FOLDER}/busybox md5sum)`;
  const share = `$((0x0\${sum%"\${sum#???????}"} % ${Math.ceil(seconds)}))`;
  const script = `${sum}; exec ${FOLDER}/busybox sleep ${share}`;
  const waiting = container("turn", pauseImage, [`${FOLDER}/busybox`, "sh", "-c", script], true);
  const node = { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } };
  return { ...waiting, env: [...waiting.env, node] };
}

/** The name of an image's container: the beginning of its digest, and a hash of where it comes from. */
export function containerName(image: string): string {
  const at = image.lastIndexOf("@");
  const [beginning] = /(?<=^sha\d+:)[0-9a-f]{16}/.exec(image.slice(at + 1)) ?? [shortHash(image)];
  return `image-${beginning}-${shortHash(image.slice(0, Math.max(0, at)))}`;
}

function container(name: string, image: string, command: readonly string[], readOnly: boolean) {
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent" as const,
    command,
    // Otherwise the image's own working directory applies, which this user may not be allowed to enter.
    workingDir: FOLDER,
    env: [NO_GPU],
    resources: { requests: { cpu: "1m", memory: "1Mi" }, limits: { memory: "16Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [{ name: VOLUME, mountPath: FOLDER, ...(readOnly ? { readOnly } : {}) }],
  };
}
