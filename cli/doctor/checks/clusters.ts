import { DEFAULT_CLUSTER } from "../../../components/cluster/config.ts";
import { kubeConfigOf } from "../../../components/cluster/kube-config.ts";
import { clusterReader } from "../../../components/cluster/prepull/readiness/cluster-reader.ts";
import { observeDeployed } from "../../../components/cluster/prepull/readiness/deployed-images.ts";
import { prepullReasons } from "../../../components/cluster/prepull/readiness/prepull-reasons.ts";
import type { PrepullReport } from "../../../components/cluster/prepull/readiness/prepull-report.ts";
import { isTolerable, type Tolerance } from "../../../components/cluster/prepull/readiness/tolerance.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import type { StackConfig } from "../../../stacks/config.ts";
import type { Content } from "../content.ts";
import { attempt, type Finding, failed, passed } from "../finding.ts";

/** Whether each cluster's API answers, lets this account read what a deployment waits for, and its nodes hold their images. */
export async function checkClusters(config: StackConfig, { clusters }: Content): Promise<Finding[]> {
  const found = clusters.map(async ({ name }) => {
    const { context, namespace, toleratedFailures } = config.clusters[name] ?? DEFAULT_CLUSTER;
    const nodes: Finding[] = [];
    const answers = await attempt(`the cluster ${name} answers, and its DaemonSets can be read`, async () => {
      const kubeconfig = await kubeConfigOf({ cluster: name, context }, config.kubeconfigs?.[name]);
      if (kubeconfig.getCurrentCluster()?.server === CLIENTS_OWN_DEFAULT) throw noKubeconfig(name);
      const report = await observeDeployed(namespace, await clusterReader(name, kubeconfig));
      if (report) nodes.push(...ofNodes(name, namespace, report, toleratedFailures));
    });
    return [...answers, ...nodes];
  });
  return (await Promise.all(found)).flat();
}

function ofNodes(name: string, namespace: string, report: PrepullReport, tolerated: Tolerance): Finding[] {
  const { held, wanted } = report;
  const isGood = report.ready || isTolerable(report, tolerated);
  if (isGood && wanted === 0) return [passed(`no node of the cluster ${name} is to hold images`)];
  if (isGood) return [passed(`the nodes of the cluster ${name} hold ${held} of ${wanted} images`)];
  const fix = `kubectl describe pods --namespace ${namespace} --selector app.kubernetes.io/name=lectern-prepull`;
  return prepullReasons(report).map((reason) =>
    failed(`the nodes of the cluster ${name} hold ${held} of ${wanted} images: ${reason}`, fix),
  );
}

/** What the Kubernetes client takes where it finds no kubeconfig. */
const CLIENTS_OWN_DEFAULT = "http://localhost:8080";

function noKubeconfig(cluster: string): LecternError {
  return new LecternError({
    code: "no-kubeconfig",
    severity: "error",
    message: `there is no kubeconfig for the cluster ${cluster}`,
    remedy: `Log in to the cluster, so that KUBECONFIG or ~/.kube/config has it, or set lectern:kubeconfigs`,
  });
}
