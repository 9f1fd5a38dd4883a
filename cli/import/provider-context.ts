import type { JsonObject } from "../../components/json.ts";

/**
 * The context that the cloud's own command writes into a kubeconfig for a cluster; undefined where the repository
 * doesn't tell enough.
 */
export function contextOf(provider: string, details: JsonObject): string | undefined {
  const text = (...keys: string[]) => {
    const key = keys.find((one) => typeof details[one] === "string" || typeof details[one] === "number");
    return key === undefined ? undefined : String(details[key]);
  };
  const cluster = text("cluster", "clusterName", "cluster_name");
  if (provider === "kubeconfig") {
    // HubPloy fills {namespace} in, for a context a hub.
    const context = text("context");
    return context?.includes("{") ? undefined : context;
  }
  if (cluster === undefined) return undefined;
  const place = text("zone", "region", "location");
  const project = text("project");
  if (provider === "gcloud" || provider === "gcp")
    return project && place ? `gke_${project}_${place}_${cluster}` : undefined;
  if (provider === "aws") {
    const account = text("account", "account_id", "accountId");
    return account && place ? `arn:aws:eks:${place}:${account}:cluster/${cluster}` : undefined;
  }
  return provider === "azure" ? cluster : undefined;
}
