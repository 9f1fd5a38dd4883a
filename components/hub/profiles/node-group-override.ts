import type { NodeGroup } from "../../cluster/node-groups/node-groups.ts";
import type { JsonObject } from "../../json.ts";

/** A node group in the names of KubeSpawner's traits. */
export function nodeGroupOverride(group: NodeGroup): JsonObject {
  const {
    requiredDuringSchedulingIgnoredDuringExecution: required,
    preferredDuringSchedulingIgnoredDuringExecution: preferred,
  } = group.affinity?.nodeAffinity ?? {};
  return {
    node_selector: group.node_selector,
    ...(group.tolerations ? { tolerations: group.tolerations } : {}),
    ...(required ? { node_affinity_required: required.nodeSelectorTerms } : {}),
    ...(preferred ? { node_affinity_preferred: preferred } : {}),
  };
}

/** Several node groups as an option that the user chooses from, the first by default. */
export function nodeGroupOption(groups: readonly NodeGroup[]): JsonObject {
  const choices = groups.map((group) => [
    group.slug,
    { display_name: group.display_name, kubespawner_override: nodeGroupOverride(group) },
  ]);
  return { display_name: "Nodes", choices: Object.fromEntries(choices) };
}
