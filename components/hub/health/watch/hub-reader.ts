import type { HubPod, PodWarning } from "./hub-pods.ts";

/** What is asked of the cluster of a hub, in the namespace of its release. */
export interface HubReader {
  /** Undefined where pods may not be listed. */
  pods(): Promise<readonly HubPod[] | undefined>;
  /** Warnings; none where they may not be read. */
  warnings(): Promise<readonly PodWarning[]>;
  /** The last lines of a container; none where they may not be read. */
  log(pod: string, container: string, previous: boolean): Promise<readonly string[]>;
  /**
   * Asks a path of the hub's Service through the API server.
   * @returns the HTTP status
   */
  askHub(path: string, timeout: number, signal: AbortSignal): Promise<number>;
}
