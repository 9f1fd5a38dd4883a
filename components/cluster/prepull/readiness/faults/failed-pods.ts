import type { ObservedPod } from "../observed.ts";
import { nodeOf } from "./pod-faults.ts";

/**
 * Remembers pods that ended. The DaemonSet's controller removes such a pod, as after an eviction, and creates
 * another, which the kubelet rejects a moment later: between the two, the node would seem to be on its way.
 */
export class FailedPods {
  readonly #failed = new Map<string, { readonly pod: ObservedPod; readonly at: number }>();
  readonly #memory: number;

  /** @param memory milliseconds for which a failure counts */
  constructor(memory: number) {
    this.#memory = memory;
  }

  /** The pods, with those that failed just before in the place of what has not started since. */
  withRecent(pods: readonly ObservedPod[], now: number): ObservedPod[] {
    for (const pod of pods) {
      if (pod.status?.phase === "Failed") this.#failed.set(keyOf(pod), { pod, at: now });
      else if (hasStarted(pod)) this.#failed.delete(keyOf(pod));
    }
    const recent = [...this.#failed].filter(([, { at }]) => now - at < this.#memory);
    const replaced = new Set(recent.map(([key]) => key));
    return [...pods.filter((pod) => !replaced.has(keyOf(pod))), ...recent.map(([, { pod }]) => pod)];
  }
}

/** The kubelet has accepted it, and begun with its containers. */
const hasStarted = ({ status }: ObservedPod) =>
  [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].length > 0;

const keyOf = (pod: ObservedPod) => `${pod.metadata?.labels?.["lectern.dev/prepull"]} ${nodeOf(pod)}`;
