import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { findEtcd } from "../require.ts";
import { freePorts, type Server, startServer } from "./server.ts";

/** Where `build.sh` puts what it builds. */
const BUILT = join(import.meta.dirname, "../../../.cache/services/cluster");
const STAGES = [
  "node/fast/node-initialize",
  "node/heartbeat-with-lease/node-heartbeat-with-lease",
  "pod/fast/pod-ready",
  "pod/fast/pod-complete",
  "pod/fast/pod-delete",
];
/** What namespaces, the prepuller and charts with hooks and volumes need. */
const CONTROLLERS = [
  "daemonset",
  "deployment",
  "garbagecollector",
  "job",
  "namespace",
  "nodelifecycle",
  "persistentvolume-binder",
  "pvc-protection",
  "replicaset",
  "statefulset",
];
/** Where the API server keeps the certificate that it makes. */
const CERTIFICATES = "certificates";
/** Where the API server tells what service accounts do. */
const AUDIT = "audit.jsonl";
const AUDIT_POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
  - level: Metadata
    userGroups: ["system:serviceaccounts"]
  - level: None
`;
const TOKEN = "administrator-of-the-test";

/** The programs of a cluster: etcd's, and the folder with Kubernetes' and kwok's. */
export interface ClusterPrograms {
  readonly etcd: string;
  readonly folder: string;
}

/** Undefined where etcd is missing or `build.sh` has not built the rest. */
export function findCluster(): ClusterPrograms | undefined {
  const etcd = findEtcd();
  return etcd !== undefined && existsSync(join(BUILT, "stamp")) ? { etcd, folder: BUILT } : undefined;
}

/** A real Kubernetes API on loopback, with its scheduler and controllers; its nodes are played by kwok. */
export interface Cluster {
  readonly kubeConfig: KubeConfig;
  /** The file of that kubeconfig, for other programs. */
  readonly kubeconfig: string;
  /** The folder with the API server's certificate, which is for loopback, and its key. */
  readonly certificates: string;
  /** What service accounts asked of the API so far, from its audit log: `get pods staging/hub-1`. */
  asked(): string[];
  /** What of that it refused. */
  refused(): string[];
  /** Ends every server by its pid and removes their files. */
  stop(): Promise<void>;
}

/**
 * Starts a cluster without nodes; whoever creates a Node has one that is ready. Several run side by side, each
 * with its own servers, ports and data; start them one after another, so that they don't compete for the cores.
 * @param stages further Stages of kwok's, YAML: what nodes and pods do beside what they should
 */
export async function startCluster(
  programs: ClusterPrograms,
  stages: readonly string[] = [],
): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "lectern-cluster-"));
  const servers: Server[] = [];
  const stop = async () => {
    for (const server of servers.reverse()) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [client = 0, peer = 0, api = 0] = await freePorts(3);
    const kubeconfig = writeFiles(folder, api, stages);
    const start = async (name: string, program: string, args: string[], ready?: string) =>
      servers.push(await startServer({ name, program, args, folder, ...(ready ? { ready } : {}) }));
    await start(
      "etcd",
      programs.etcd,
      etcdArguments(folder, client, peer),
      `http://127.0.0.1:${client}/health`,
    );
    const url = `https://127.0.0.1:${api}/readyz`;
    await start(
      "kube-apiserver",
      join(programs.folder, "kube-apiserver"),
      apiArguments(folder, client, api),
      url,
    );
    const shared = [`--kubeconfig=${kubeconfig}`, "--leader-elect=false", "--secure-port=0"];
    await start("kube-controller-manager", join(programs.folder, "kube-controller-manager"), [
      ...shared,
      `--controllers=${CONTROLLERS.join(",")}`,
      // A busy machine delays kwok's heartbeats, and pods of a node that was lost never get ready again.
      "--node-monitor-grace-period=1h",
    ]);
    await start("kube-scheduler", join(programs.folder, "kube-scheduler"), shared);
    await start(
      "kwok",
      join(programs.folder, "kwok"),
      kwokArguments(folder, kubeconfig, programs, stages.length),
    );
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    return {
      kubeConfig: config,
      kubeconfig,
      certificates: join(folder, CERTIFICATES),
      asked: () => askedIn(join(folder, AUDIT)).map(textOf),
      refused: () => askedIn(join(folder, AUDIT)).filter(isRefused).map(textOf),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Everything that the servers read. @returns the path of the kubeconfig */
function writeFiles(folder: string, port: number, stages: readonly string[]): string {
  const key = join(folder, "service-account.key");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(key, privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
  writeFileSync(join(folder, "tokens.csv"), `${TOKEN},administrator,1,system:masters\n`);
  mkdirSync(join(folder, CERTIFICATES));
  writeFileSync(join(folder, "audit-policy.yaml"), AUDIT_POLICY);
  stages.forEach((stage, index) => {
    writeFileSync(join(folder, `stage-${index}.yaml`), stage);
  });
  const kubeconfig = join(folder, "kubeconfig");
  // The server signs its own certificate again at each start, and only this machine reaches it.
  const cluster = { server: `https://127.0.0.1:${port}`, "insecure-skip-tls-verify": true };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "test", cluster }],
      users: [{ name: "test", user: { token: TOKEN } }],
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      "current-context": "test",
    }),
  );
  return kubeconfig;
}

interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly objectRef?: Readonly<Partial<Record<"resource" | "subresource" | "namespace" | "name", string>>>;
  readonly responseStatus?: { readonly code?: number };
}

function askedIn(log: string): AuditEvent[] {
  const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n").filter(Boolean) : [];
  return lines.map((line): AuditEvent => JSON.parse(line));
}

const isRefused = ({ responseStatus }: AuditEvent) =>
  responseStatus?.code === 401 || responseStatus?.code === 403;

function textOf({ verb, objectRef, requestURI }: AuditEvent): string {
  if (!objectRef) return `${verb} ${requestURI}`;
  const { resource, subresource, namespace, name } = objectRef;
  const path = [resource, subresource].filter(Boolean).join("/");
  return `${verb} ${path} ${[namespace, name].filter(Boolean).join("/")}`.trim();
}

function etcdArguments(folder: string, client: number, peer: number): string[] {
  return [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=http://127.0.0.1:${client}`,
    `--advertise-client-urls=http://127.0.0.1:${client}`,
    `--listen-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-cluster=default=http://127.0.0.1:${peer}`,
  ];
}

function apiArguments(folder: string, etcd: number, port: number): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, CERTIFICATES)}`,
    "--service-cluster-ip-range=10.0.0.0/24",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${join(folder, "service-account.key")}`,
    `--service-account-signing-key-file=${join(folder, "service-account.key")}`,
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    "--authorization-mode=RBAC",
    `--audit-policy-file=${join(folder, "audit-policy.yaml")}`,
    `--audit-log-path=${join(folder, AUDIT)}`,
    "--disable-admission-plugins=ServiceAccount",
    "--endpoint-reconciler-type=none",
    // Debian's etcd lacks what watches that begin with a list need. kwok begins its watches so, and would see a pod
    // only when it tries again, after up to half a minute.
    "--feature-gates=WatchList=false",
  ];
}

function kwokArguments(
  folder: string,
  kubeconfig: string,
  programs: ClusterPrograms,
  extra: number,
): string[] {
  const builtIn = STAGES.map((stage) => join(programs.folder, "stage", `${stage}.yaml`));
  const own = Array.from({ length: extra }, (_, index) => join(folder, `stage-${index}.yaml`));
  return [
    `--kubeconfig=${kubeconfig}`,
    "--manage-all-nodes=true",
    "--node-lease-duration-seconds=40",
    ...[...builtIn, ...own].map((path) => `--config=${path}`),
  ];
}
