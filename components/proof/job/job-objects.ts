import type {
  V1ConfigMap,
  V1Job,
  V1NetworkPolicy,
  V1NetworkPolicyEgressRule,
  V1PodSpec,
} from "@kubernetes/client-node";
import type { NotebookJob } from "../run/run-notebook.ts";
import { PROOF_SCRIPT } from "./proof-script.ts";

/** Where a hub's notebooks are run. */
export interface JobPlace {
  readonly namespace: string;
  /** What lets a user's server be on the nodes that have the image. */
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
  readonly tolerations?: readonly object[] | undefined;
  readonly affinity?: object | undefined;
  readonly pullSecrets?: readonly string[] | undefined;
}

/** Seconds in which a pod has to be on a node, and its image pulled. */
export const START = 900;
/** Bytes that nbclient takes beside the kernel's data. */
const OVERHEAD = 2 ** 29;

const GIVEN = "/lectern-proof/given";
const WORK = "/lectern-proof/work";
const KEY = "lectern.dev/proof-key";
/** The label of what belongs to a proof: its Job's name. */
export const PROOF = "lectern.dev/proof";
/** The name that what belongs to any proof has in its labels. */
export const PROOFS = "lectern-proof";

/** The name of a proof's Job, the same in every run. */
export const jobName = (key: string) => `${PROOFS}-${key.slice(0, 24)}`;

/** Whether a Job is that of a proof, and not of another whose key begins the same. */
export const isJobOf = ({ metadata }: V1Job, key: string) => metadata?.annotations?.[KEY] === key;

/** Seconds after which Kubernetes ends a Job that has not ended by itself. */
export const deadlineOf = ({ timeout }: NotebookJob) => Math.ceil(timeout / 1000) + START;

/** What a Job is made of. */
export interface ProofJobArgs {
  readonly key: string;
  /** `repository@sha256:…` */
  readonly image: string;
  readonly job: NotebookJob;
  readonly place: JobPlace;
  /** How many parts there are of what the script is given. */
  readonly parts: number;
}

const labelsOf = (name: string) => ({
  "app.kubernetes.io/name": PROOFS,
  "app.kubernetes.io/managed-by": "lectern",
  [PROOF]: name,
});

/**
 * The Job of a proof, suspended until what it reads is there. The image is started as JupyterHub starts it: by its own
 * entry point, as the user with the ID 1000.
 */
export function proofJob({ key, image, job, place, parts }: ProofJobArgs): V1Job {
  const name = jobName(key);
  const metadata = { name, labels: labelsOf(name), annotations: { [KEY]: key } };
  const memory = String(job.memory + OVERHEAD);
  const { nodeSelector, tolerations, affinity, pullSecrets = [] } = place;
  const spec: V1PodSpec = {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 5,
    securityContext: { runAsUser: 1000, fsGroup: 100 },
    ...(nodeSelector ? { nodeSelector } : {}),
    ...(tolerations ? { tolerations: [...tolerations] } : {}),
    ...(affinity ? { affinity } : {}),
    ...(pullSecrets.length > 0 ? { imagePullSecrets: pullSecrets.map((secret) => ({ name: secret })) } : {}),
    containers: [
      {
        name: "notebook",
        image,
        args: ["python3", `${GIVEN}/run.py`, GIVEN, WORK, key],
        workingDir: WORK,
        resources: {
          // As much as is allowed is kept for it: what it takes beyond that would end the servers of others.
          requests: { cpu: "100m", memory, "ephemeral-storage": "100Mi" },
          limits: { memory, "ephemeral-storage": "10Gi" },
        },
        securityContext: { allowPrivilegeEscalation: false },
        volumeMounts: [
          { name: "given", mountPath: GIVEN, readOnly: true },
          { name: "work", mountPath: WORK },
        ],
      },
    ],
    volumes: [
      {
        name: "given",
        projected: { sources: partNames(name, parts).map((part) => ({ configMap: { name: part } })) },
      },
      { name: "work", emptyDir: { sizeLimit: "10Gi" } },
    ],
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata,
    spec: {
      suspend: true,
      backoffLimit: 0,
      activeDeadlineSeconds: deadlineOf(job),
      ttlSecondsAfterFinished: 86_400,
      template: { metadata: { labels: labelsOf(name) }, spec },
    },
  };
}

const partNames = (name: string, parts: number) => [
  `${name}-script`,
  ...Array.from({ length: parts }, (_, index) => `${name}-${index}`),
];

/** A Job that is there. */
export interface Owner {
  readonly name: string;
  readonly uid: string;
}

const metadataOf = (name: string, owner: Owner) => ({
  name,
  labels: labelsOf(owner.name),
  ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: owner.name, uid: owner.uid }],
});

/** What a Job reads: the script, and what the script is given. They go with the Job. */
export function configMaps(owner: Owner, parts: readonly Uint8Array[]): V1ConfigMap[] {
  const [script = "", ...names] = partNames(owner.name, parts.length);
  return [
    { metadata: metadataOf(script, owner), data: { "run.py": PROOF_SCRIPT } },
    ...parts.map((part, index) => ({
      metadata: metadataOf(names[index] ?? "", owner),
      binaryData: { [`part-${String(index).padStart(3, "0")}`]: Buffer.from(part).toString("base64") },
    })),
  ];
}

/** Where clouds tell a node what it is, and give it its credentials. */
const METADATA = { v4: "169.254.169.254/32", v6: "fd00:ec2::254/128" };

/** Everything but the metadata of the cloud. Some networks count pods to no block of addresses. */
const EGRESS: V1NetworkPolicyEgressRule[] = [
  {
    to: [
      { ipBlock: { cidr: "0.0.0.0/0", except: [METADATA.v4] } },
      { ipBlock: { cidr: "::/0", except: [METADATA.v6] } },
      { namespaceSelector: {} },
    ],
  },
  // Names are resolved wherever the cluster does it, be it on the node or by the cloud.
  { ports: ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 })) },
];

/**
 * What the pod of a Job may connect to, where the cluster's network knows such policies: everything but the metadata
 * of the cloud, or nothing. Nothing may connect to it.
 */
export function networkPolicy(owner: Owner, network: boolean): V1NetworkPolicy {
  return {
    metadata: metadataOf(owner.name, owner),
    spec: {
      podSelector: { matchLabels: { [PROOF]: owner.name } },
      policyTypes: ["Ingress", "Egress"],
      ...(network ? { egress: EGRESS } : {}),
    },
  };
}
