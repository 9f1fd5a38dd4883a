import { dirname, join } from "node:path";
import type { ChartReference } from "../../hub/chart/chart-reference.ts";
import type { Problem } from "../../problem/problem.ts";
import type { AcceptedField, HealthSettings, WrittenHub } from "./cluster-schema.ts";

export type Environment = "staging" | "prod";

/** Makes a problem of one at a field of `cluster.yaml`. */
export type Place = (
  problem: Omit<Problem, "severity"> & Partial<Problem>,
  field: readonly PropertyKey[],
) => Problem;

/** Staging where the name contains "staging", unless it says otherwise. */
export const environmentOf = ({ name, environment }: Pick<WrittenHub, "name" | "environment">): Environment =>
  environment ?? (name.includes("staging") ? "staging" : "prod");

type ProvenHub = Pick<WrittenHub, "name" | "environment" | "gate" | "staging">;

/** The names of the staging hubs that prove a hub: all of the cluster's, unless it says otherwise. */
export function provenBy(hub: ProvenHub, hubs: readonly ProvenHub[]): readonly string[] {
  if (environmentOf(hub) === "staging" || hub.gate === "none") return [];
  const all = hubs.filter((one) => environmentOf(one) === "staging").map(({ name }) => name);
  return hub.staging === undefined ? all : [hub.staging].flat();
}

/** The folder of the catalog's charts that a cluster's folder uses. */
export const chartsOf = (folder: string) => join(dirname(dirname(folder)), "charts");

/** A file that a declaration names. */
export interface NamedFile {
  /** As `cluster.yaml` names it. */
  readonly name: string;
  /** Relative to the project, as the cluster's folder is. */
  readonly path: string;
}

/** A Helm release that a cluster runs: a hub's, or its support's. */
export interface ReleaseDeclaration {
  readonly chart: ChartReference;
  readonly namespace: string;
  readonly release: string;
  /** In the order in which they are merged; those of the cluster, of the environment, then its own. */
  readonly values: readonly NamedFile[];
  /** Encrypted with sops; merged last. */
  readonly secrets: readonly NamedFile[];
  readonly accept: readonly AcceptedField[];
  /** Seconds. */
  readonly timeout: number;
  readonly maxHistory: number;
}

/** A hub of a cluster, as `cluster.yaml` declares it, every default filled in. */
export interface HubDeclaration extends ReleaseDeclaration {
  /** `<cluster>/<name>`. */
  readonly id: string;
  readonly name: string;
  readonly cluster: string;
  readonly environment: Environment;
  readonly domain?: string;
  /** The IDs of the staging hubs that prove it; none for staging, and where the gate is `none`. */
  readonly provenBy: readonly string[];
  /** What differs from staging on purpose. */
  readonly differs: readonly string[];
  readonly health: false | (HealthSettings & { readonly notebookPath?: string });
  readonly verify: readonly string[];
  readonly hold: boolean;
  readonly rollback: boolean;
  /** Whether it is stopped: its release is removed once it is no longer declared. */
  readonly retire: boolean;
  readonly database?: "restored" | { readonly backup: string };
  /** Which of {@link values} are the hub's own: what they say is no part of the gate. */
  readonly own: readonly string[];
  /** A problem at one of its fields. */
  readonly at: Place;
}

/** A cluster with `cluster.yaml`. */
export interface ClusterDeclaration {
  /** The folder's name. */
  readonly name: string;
  /** `cluster.yaml`, relative to the project. */
  readonly file: string;
  readonly provider: {
    readonly context?: string;
    readonly kubeconfig?: string;
    /** Of the namespace kube-system. */
    readonly uid?: string;
  };
  readonly support?: ReleaseDeclaration;
  readonly hubs: readonly HubDeclaration[];
  readonly delegates: readonly DelegateDeclaration[];
}

/** Who may decide profiles and images of the cluster's hubs, as far as other files of its folder say whether it makes sense. */
export interface DelegateDeclaration {
  /** The node groups that their profiles may name. */
  readonly nodeGroups: readonly string[];
  /** A problem at one of its fields. */
  readonly at: Place;
}
