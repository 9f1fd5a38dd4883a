import type { KubeConfig } from "@kubernetes/client-node";
import { LecternError } from "../problem/problem.ts";

/** How a cluster is reached. */
export interface ClusterAccess {
  /** The cluster's name in the catalog. */
  readonly cluster: string;
  /** The context of the kubeconfig. @default its current one */
  readonly context?: string | undefined;
  /** The kubeconfig's file, relative to the project. @default that of whoever deploys */
  readonly kubeconfig?: string | undefined;
}

/**
 * The kubeconfig of a cluster: its own text, else its file, else that of whoever deploys.
 * @param own its text, from `lectern:kubeconfigs`
 * @throws {LecternError} where it is malformed; never with its content
 */
export async function kubeConfigOf(
  { cluster, context, kubeconfig: file }: ClusterAccess,
  own: string | undefined,
): Promise<KubeConfig> {
  const { KubeConfig: Config } = await import("@kubernetes/client-node");
  const config = new Config();
  try {
    if (own !== undefined) config.loadFromString(own);
    else if (file !== undefined) config.loadFromFile(file);
    else config.loadFromDefault();
    if (context !== undefined) config.setCurrentContext(context);
    return config;
  } catch {
    throw own === undefined && file !== undefined ? malformedFile(file) : malformedText(cluster);
  }
}

function malformedFile(file: string): LecternError {
  return new LecternError({
    code: "malformed-kubeconfig",
    severity: "error",
    file,
    message: "the file is missing or is not a kubeconfig",
    remedy: "Write it with the cloud's own command, or set the secret lectern:kubeconfigs instead",
  });
}

function malformedText(cluster: string): LecternError {
  return new LecternError({
    code: "malformed-kubeconfig",
    severity: "error",
    path: `lectern:kubeconfigs.${cluster}`,
    message: "this is not a kubeconfig",
    remedy:
      "Set lectern:kubeconfigs to a JSON object that maps the cluster's name to the text of its kubeconfig",
  });
}
