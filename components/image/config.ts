import { kubeconfigsConfig } from "../cluster/prepull/prepull-cluster.ts";
import { registryConfig } from "./registry/registry-config.ts";

/** The slice of a stack's configuration that images use: every key is below `lectern:`. */
export const imageConfig = { ...registryConfig, ...kubeconfigsConfig };
