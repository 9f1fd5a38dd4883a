import { z } from "zod";
import type { PrepullDaemonSet } from "../daemonset.ts";
import type { PrepullReport } from "./prepull-report.ts";
import { observePrepull, type PrepullReader } from "./prepull-wait.ts";

/** What a report needs of a DaemonSet that the cluster has. */
const deployed = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        nodeSelector: z.record(z.string(), z.string()).default({}),
        containers: z.array(z.looseObject({ name: z.string(), image: z.string() })),
      }),
    }),
  }),
});

/** How far the nodes are now with what a cluster's DaemonSets hold; undefined where it has none yet. */
export async function observeDeployed(
  namespace: string,
  reader: PrepullReader,
): Promise<PrepullReport | undefined> {
  const found = (await reader.daemonSets(namespace)).flatMap((one) => deployed.safeParse(one).data ?? []);
  if (found.length === 0) return undefined;
  // Their label is ours, so what else they have is what a deployment wrote.
  return observePrepull(found as unknown as readonly PrepullDaemonSet[], reader);
}
