import * as pulumi from "@pulumi/pulumi";
import type { ClusterDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import { kubeConfigOf } from "../../components/cluster/kube-config.ts";
import { kubernetesApi } from "../../components/hub/release/api/kubernetes-api.ts";
import { formatProblem, LecternError, type Problem } from "../../components/problem/problem.ts";
import type { ClusterOutput, OutputEntries } from "../outputs/outputs.ts";

/** How the clusters of a stack are asked who they are. */
export interface IdentityAccess {
  /** By cluster. */
  readonly kubeconfigs: Readonly<Record<string, string>> | undefined;
  /** Whether a cluster may be asked. */
  contact(cluster: string): boolean;
}

type Declared = Pick<ClusterDeclaration, "name" | "file" | "provider">;

/** A cluster has it from its first minute to its last, and no other cluster has the same UID of it. */
const KUBE_SYSTEM = { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system" } };

/**
 * Finds out whether each cluster is the one that the stack deployed to before. Its address says nothing of that:
 * one cluster can get another address, and an address another cluster.
 * @returns by cluster, what the stack's outputs keep of it
 * @throws {LecternError} with every cluster that is another one
 */
export async function identitiesOf(
  clusters: readonly Declared[],
  access: IdentityAccess,
  before: OutputEntries<"clusters">,
): Promise<Record<string, ClusterOutput>> {
  const found = await Promise.all(
    clusters.map(async (cluster) => {
      const known = before.get(cluster.name)?.uid;
      const uid = await uidOf(cluster, access);
      return { cluster, known, uid };
    }),
  );
  const others = found.flatMap(({ cluster, known, uid }) => (uid ? problemsOf(cluster, uid, known) : []));
  if (others.length > 0) throw new LecternError(others);
  return Object.fromEntries(
    found.flatMap(({ cluster, known, uid = known }) => (uid ? [[cluster.name, { uid }]] : [])),
  );
}

/** @returns undefined where the cluster may not be asked, or can't say */
async function uidOf(
  { name, provider }: Declared,
  { contact, kubeconfigs }: IdentityAccess,
): Promise<string | undefined> {
  if (!contact(name)) return undefined;
  try {
    const config = await kubeConfigOf({ cluster: name, ...provider }, kubeconfigs?.[name]);
    const api = await kubernetesApi(name, config, KUBE_SYSTEM.metadata.name);
    return (await api.get(KUBE_SYSTEM))?.metadata.uid;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    pulumi.log.warn(unknown(name, error.problems));
    return undefined;
  }
}

function unknown(cluster: string, problems: readonly Problem[]): string {
  const isForbidden = problems.some(({ code }) => code === "cluster-forbidden");
  const cause = isForbidden
    ? `${problems.map(({ message }) => message).join("; ")}. Apply the roles that \`lectern cluster rbac ${cluster}\` prints.`
    : problems.map(formatProblem).join(" ");
  return `it is not known whether the cluster ${cluster} is the one that was deployed to before: ${cause}`;
}

function problemsOf({ name, file, provider }: Declared, uid: string, known: string | undefined): Problem[] {
  const places = `\`provider\` here, lectern:clusters.${name}.context or lectern:kubeconfigs`;
  const wrong = (problem: Pick<Problem, "path" | "message" | "remedy">): Problem[] => [
    { code: "other-cluster", severity: "error", file, ...problem },
  ];
  if (provider.uid !== undefined) {
    if (provider.uid === uid) return [];
    return wrong({
      path: "provider.uid",
      message: `the cluster that is reached is another one: the UID of its namespace kube-system is ${uid}`,
      remedy: `Correct this UID, or how the cluster is reached: ${places}`,
    });
  }
  if (known === undefined || known === uid) return [];
  return wrong({
    path: "provider",
    message: `this leads to another cluster than the one that was deployed to: the UID of its namespace kube-system is ${uid}, and was ${known}`,
    remedy: `Correct how the cluster is reached: ${places}. If it was replaced by a new one, write \`provider: {uid: ${uid}}\` here and run \`pulumi refresh --run-program\`, so that the next deployment creates everything in it`,
  });
}
