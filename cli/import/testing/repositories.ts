import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { standInEncrypted } from "../../../components/hub/values/secrets/testing/stand-in-sops.ts";

const CHART = "apiVersion: v2\nname: hub\nversion: 1.0.0\n";

/** A small repository that HubPloy deploys: two deployments on one cluster, one on another. */
export const HUBPLOY: Readonly<Record<string, string>> = {
  "hub/Chart.yaml": `${CHART}dependencies:\n- {name: jupyterhub, version: 4.4.0, repository: "https://hub.example"}\n`,
  "hub/values.yaml": "jupyterhub: {hub: {replicas: 1}}\n",
  "hub/templates/note.txt": "x\n",
  "images/lab/Dockerfile": "FROM scratch\n",
  "images/lab/environment.yml": "name: lab\n",
  "deployments/stats/hubploy.yaml":
    "images: {images: [{name: registry.example/lab}]}\ncluster:\n  provider: gcloud\n" +
    "  gcloud: {project: campus, cluster: main-2026, zone: us-central1, service_key: key.json}\n",
  "deployments/stats/config/common.yaml":
    "jupyterhub:\n  singleuser: {memory: {limit: 2G, guarantee: 1G}, extraEnv: {A: yes}}\n  hub: {config: {a: 1}}\n",
  "deployments/stats/config/staging.yaml":
    "jupyterhub:\n  singleuser: {memory: {limit: 1G, guarantee: null}}\n",
  "deployments/stats/config/prod.yaml": "jupyterhub:\n  scheduling: {userPlaceholder: {replicas: 0x10}}\n",
  "deployments/stats/config/filestore/flags.json": "{}",
  "deployments/stats/secrets/staging.yaml": standInEncrypted({
    jupyterhub: { hub: { cookieSecret: "hush-s" } },
  }),
  "deployments/stats/secrets/prod.yaml": standInEncrypted({
    jupyterhub: { hub: { cookieSecret: "hush-p", config: { a: 2 } } },
  }),
  "deployments/stats/secrets/key.json": "{}",
  "deployments/stats/image/Dockerfile": "FROM scratch\n",
  "deployments/physics/hubploy.yaml":
    "cluster:\n  provider: gcloud\n  gcloud: {project: campus, cluster: main-2026, zone: us-central1}\n",
  "deployments/physics/config/prod.yaml": "jupyterhub: {proxy: {service: {type: ClusterIP}}}\n",
  "deployments/physics/secrets/prod.yaml": "jupyterhub: {hub: {cookieSecret: readable}}\n",
  "deployments/physics/config/extra.jsonnet": "{}",
  "deployments/law/hubploy.yaml": "cluster: {provider: kubeconfig, kubeconfig: {context: law}}\n",
  "deployments/law/config/staging.yaml": "jupyterhub: {}\n",
  "deployments/law/config/prod.yaml": "",
};

/** A small repository in 2i2c's layout: one cluster with staging, one without. */
export const TWO_I2C: Readonly<Record<string, string>> = {
  "helm-charts/basehub/Chart.yaml": CHART.replace("name: hub", "name: basehub"),
  "helm-charts/basehub/values.yaml": "jupyterhub: {custom: {homepage: {}}}\n",
  "helm-charts/basehub/values.jsonnet": "{}",
  "helm-charts/support/Chart.yaml": CHART.replace("name: hub", "name: support"),
  "helm-charts/support/values.yaml": "prometheus: {enabled: true}\n",
  "helm-charts/support/enc-support.secret.values.yaml": standInEncrypted({
    grafana: { adminPassword: "hush-g" },
  }),
  "helm-charts/images/hub/Dockerfile": "FROM scratch\n",
  "config/clusters/north/cluster.yaml": `
name: north
provider: aws
provider_url: https://console.example
aws: {clusterType: eks, clusterName: north, region: us-west-2, account: 123456789012}
support:
  helm_chart_values_files: [support.values.yaml, enc-support.secret.values.yaml]
hubs:
- name: staging
  display_name: North (staging)
  domain: staging.north.example
  helm_chart: basehub
  helm_chart_values_files: [common.values.yaml, enc-common.secret.values.yaml, staging.values.yaml, enc-staging.secret.values.yaml]
- name: prod
  domain: north.example
  helm_chart: basehub
  chart_override: chart.yaml
  helm_chart_values_files: [common.values.yaml, enc-common.secret.values.yaml, prod.values.yaml, extra.jsonnet]
`,
  "config/clusters/north/chart.yaml": "apiVersion: v2\n",
  "config/clusters/north/support.values.yaml": "grafana: {ingress: {hosts: [grafana.north.example]}}\n",
  "config/clusters/north/enc-support.secret.values.yaml": standInEncrypted({
    prometheus: { auth: "hush-a" },
  }),
  "config/clusters/north/common.values.yaml":
    "jupyterhub:\n  singleuser: {cpu: {limit: 2}, extraTolerations: [{key: a}]}\n",
  "config/clusters/north/enc-common.secret.values.yaml": standInEncrypted({
    jupyterhub: { hub: { token: "hush-c" } },
  }),
  "config/clusters/north/staging.values.yaml":
    "jupyterhub:\n  singleuser: {cpu: null, extraTolerations: []}\n",
  "config/clusters/north/enc-staging.secret.values.yaml": standInEncrypted({
    jupyterhub: { hub: { token: "hush-s", db: null } },
  }),
  "config/clusters/north/prod.values.yaml": "jupyterhub:\n  hub: {token: readable}\n",
  "config/clusters/north/extra.jsonnet": "{}",
  "config/clusters/north/enc-deployer-credentials.secret.json": standInEncrypted({ key: "hush" }),
  "config/clusters/south/cluster.yaml":
    "name: south\nprovider: gcp\ngcp: {project: p, cluster: south, zone: z}\nhubs:\n" +
    "- {name: lab, domain: lab.south.example, helm_chart: basehub, helm_chart_values_files: [lab.values.yaml]}\n",
  "config/clusters/south/lab.values.yaml": "jupyterhub: {hub: {readiness: 07}}\n",
};

export async function writeRepository(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
