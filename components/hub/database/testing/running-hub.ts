import type { V1Deployment, V1DeploymentSpec } from "@kubernetes/client-node";

/** The Deployment of a hub as Zero to JupyterHub's chart has it, as far as a backup looks. */
export const runningHub = (release: string): V1Deployment & { spec: V1DeploymentSpec } => {
  const labels = { app: "jupyterhub", component: "hub", release };
  return {
    metadata: { name: "hub", labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          securityContext: { fsGroup: 1000 },
          tolerations: [{ key: "hub.jupyter.org/dedicated", operator: "Equal", value: "core" }],
          containers: [
            {
              name: "hub",
              image: "quay.io/jupyterhub/k8s-hub:4.0.0",
              securityContext: { runAsUser: 1000, allowPrivilegeEscalation: false },
              volumeMounts: [
                { name: "config", mountPath: "/usr/local/etc/jupyterhub/config/" },
                { name: "pvc", mountPath: "/srv/jupyterhub", subPath: "hub" },
              ],
            },
          ],
          volumes: [
            { name: "config", configMap: { name: "hub" } },
            { name: "pvc", persistentVolumeClaim: { claimName: "hub-db-dir" } },
          ],
        },
      },
    },
  };
};
