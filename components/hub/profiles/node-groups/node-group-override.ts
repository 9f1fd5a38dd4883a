import type { NodeGroup } from "../../../cluster/node-groups/node-groups.ts";
import type { Toleration } from "../../../cluster/node-groups/node-groups-placement.ts";
import type { JsonObject } from "../../../json.ts";
import { choiceKey } from "../profile-options.ts";

/**
 * A node group in the names of KubeSpawner's traits.
 * @param borne the tolerations of every user's pod: a list of the profile's would replace them
 */
export function nodeGroupOverride(group: NodeGroup, borne: readonly Toleration[]): JsonObject {
  const {
    requiredDuringSchedulingIgnoredDuringExecution: required,
    preferredDuringSchedulingIgnoredDuringExecution: preferred,
  } = group.affinity?.nodeAffinity ?? {};
  return {
    node_selector: group.node_selector,
    ...(group.tolerations?.length ? { tolerations: [...borne, ...group.tolerations] } : {}),
    ...(required ? { node_affinity_required: required.nodeSelectorTerms } : {}),
    ...(preferred ? { node_affinity_preferred: preferred } : {}),
  };
}

/** Several node groups as an option that the user chooses from, the first by default. */
export function nodeGroupOption(groups: readonly NodeGroup[], borne: readonly Toleration[]): JsonObject {
  const choices = groups.map((group) => [
    choiceKey(group.slug),
    { display_name: group.display_name, kubespawner_override: nodeGroupOverride(group, borne) },
  ]);
  return { display_name: "Nodes", choices: Object.fromEntries(choices) };
}
