/** Why an image is not on a node: Kubernetes' reason, such as `ImagePullBackOff`, and what else it says. */
export interface Fault {
  readonly reason: string;
  readonly message?: string;
}

interface Known {
  readonly pattern: RegExp;
  readonly remedy: string;
  /** Whether it stays as it is until a person changes something. */
  readonly isPermanent?: true;
}

const RATE_LIMITED = /\b429\b|too ?many ?requests|rate ?limit|QPS exceeded/i;

/** What goes wrong on nodes, in the words of kubelets, container runtimes and admission; the first that matches counts. */
const KNOWN: readonly Known[] = [
  {
    pattern: RATE_LIMITED,
    remedy:
      "Deploy again later, spread the pulls over more time with pullSpread of lectern:clusters, or name a pull secret with a higher limit",
  },
  {
    pattern: /violates PodSecurity/i,
    isPermanent: true,
    remedy:
      "Let the namespace's PodSecurity level admit these pods, or name another namespace in lectern:clusters",
  },
  {
    pattern: /exceeded quota|failed quota/i,
    remedy: "Raise the namespace's quota, or name another namespace in lectern:clusters",
  },
  {
    pattern: /(minimum|maximum) \S+ usage per (Container|Pod)|LimitRanger/i,
    isPermanent: true,
    remedy: "Adapt the namespace's LimitRange, or name another namespace in lectern:clusters",
  },
  {
    pattern: /no PriorityClass with name/i,
    isPermanent: true,
    remedy: "Create the PriorityClass, or correct priorityClassName of lectern:clusters",
  },
  {
    pattern: /admission webhook .* denied|ValidatingAdmissionPolicy/i,
    isPermanent: true,
    remedy:
      "Have the admission policy allow pods with the label app.kubernetes.io/name=lectern-prepull, or name another namespace in lectern:clusters",
  },
  {
    pattern: /webhook/i,
    remedy: "Have the cluster's administrator repair the admission webhook, then deploy again",
  },
  {
    pattern: /no space left|DiskPressure|low on resource|ephemeral.storage|InvalidDiskCapacity/i,
    remedy: "Free disk space on the node, give it a larger disk, or select fewer images for its node group",
  },
  {
    pattern:
      /no match(ing)?( manifest)? for (\S+ in|platform)|no image found in (manifest list|image index)|exec format error|WrongPlatform/i,
    isPermanent: true,
    remedy:
      "Build the image for the node's platform too, or have the node group select nodes of one, by the label kubernetes.io/arch",
  },
  {
    pattern: /unauthorized|authentication required|access.* denied|denied:|403 Forbidden|no basic auth/i,
    isPermanent: true,
    remedy: "Name a secret of the namespace that may pull the image in pullSecrets of lectern:clusters",
  },
  {
    pattern: /not found|manifest unknown|name unknown|NAME_UNKNOWN|MANIFEST_UNKNOWN/i,
    isPermanent: true,
    remedy: "Check that the registry still has this image under this digest, and push it again if not",
  },
  {
    pattern: /InvalidImageName/,
    isPermanent: true,
    remedy: "Correct the image's name in images.yaml or profiles.yaml",
  },
  {
    pattern: /NodeUnreachable/,
    remedy:
      "Repair the node or remove it from the cluster, or let some fail with toleratedFailures of lectern:clusters",
  },
  {
    pattern: /Unschedulable|Too many pods|Insufficient|OutOf/,
    remedy: "Make room on the node, or give the pods a priority with priorityClassName of lectern:clusters",
  },
];

/** What a person can do about a fault, where that is known. */
export const remedyFor = (fault: Fault): string | undefined => knownOf(fault)?.remedy;

/** Whether waiting can't help: a person has to change something. */
export const isPermanent = (fault: Fault): boolean => knownOf(fault)?.isPermanent === true;

/** Whether the registry, or the node's own limit, slows the pulls down: they go on later by themselves. */
export const isRateLimited = ({ message = "" }: Fault): boolean => RATE_LIMITED.test(message);

const knownOf = ({ reason, message = "" }: Fault): Known | undefined =>
  KNOWN.find(({ pattern }) => pattern.test(`${reason}: ${message}`));
