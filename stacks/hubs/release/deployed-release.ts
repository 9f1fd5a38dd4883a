import type { Cluster } from "../../../components/cluster/cluster.ts";
import { kubeConfigOf } from "../../../components/cluster/kube-config.ts";
import { kubernetesApi } from "../../../components/hub/release/api/kubernetes-api.ts";
import { descriptionOf } from "../../../components/hub/release/chart-release.ts";
import { deployedRecord, type ReleaseName } from "../../../components/hub/release/record/release-history.ts";
import type { ReleaseRecord } from "../../../components/hub/release/record/release-record.ts";
import type { StackConfig } from "../../config.ts";
import { known } from "../../outputs/known-output.ts";
import { changeOf } from "./deployment.ts";
import type { ReleasePlan } from "./release-plan.ts";

/** A release as Helm has it, and the kubeconfig by which its cluster is reached. */
export interface DeployedRelease {
  /** Undefined where nothing is deployed. */
  readonly record: ReleaseRecord | undefined;
  readonly kubeconfig: string;
}

/** Reads what Helm has deployed. @throws {LecternError} where the cluster does not answer */
export async function deployedRelease(
  release: ReleaseName,
  { access, name }: Cluster,
  { kubeconfigs }: StackConfig,
): Promise<DeployedRelease> {
  const config = await kubeConfigOf(access, kubeconfigs?.[name]);
  const api = await kubernetesApi(name, config, release.namespace);
  return { record: await deployedRecord(api, release), kubeconfig: config.exportConfig() };
}

/** Whether a record is of what is planned: unlike the stack's outputs, it does not depend on how the last run ended. */
export async function isDeployed(
  plan: ReleasePlan,
  record: Pick<ReleaseRecord, "description"> | undefined,
): Promise<boolean> {
  const change = await known(changeOf(plan));
  return change !== undefined && record?.description === descriptionOf(change);
}
