import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import {
  ANNOUNCEMENTS,
  ANNOUNCEMENTS_FILE,
  announcementsText,
} from "../../components/cluster/announcements/announcements-text.ts";
import type { Cluster } from "../../components/cluster/cluster.ts";
import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import { instantText } from "../../components/cluster/warm-up/windows.ts";
import { isTold, type Offer, offerChanges } from "../../components/hub/profiles/profile-changes.ts";
import type { HubChangesOutput, OutputEntries } from "../outputs/outputs.ts";
import { isHeld } from "../promotion/gate.ts";
import type { PlannedHubs } from "./hubs.ts";

/** What the last deployment offered and told. */
export interface AnnouncementsBefore {
  readonly profiles: OutputEntries<"profiles">;
  readonly images: OutputEntries<"images">;
  readonly hubs: OutputEntries<"hubs">;
  readonly hubChanges: OutputEntries<"hubChanges">;
}

export interface AnnouncementsArgs {
  readonly cluster: Cluster;
  readonly files: ClusterFiles;
  readonly planned: PlannedHubs;
  /** What users of the cluster's hubs can choose once this deployment is done. */
  readonly offer: pulumi.Output<Offer>;
  readonly before: AnnouncementsBefore;
  /** A namespace of the cluster, registered. */
  readonly namespace: (name: string) => pulumi.Resource;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** How many changes are kept. */
const KEPT = 10;

/**
 * Registers, in the namespace of each hub, the ConfigMap that it reads announcements from: its release is not changed, so
 * nothing restarts.
 * @returns what deployments changed, this one included; undefined where the cluster has no announcements.yaml
 */
export function announce(args: AnnouncementsArgs): pulumi.Output<HubChangesOutput> | undefined {
  const { cluster, files, planned } = args;
  const { announcements } = files;
  if (!announcements) return undefined;
  const built = builtAgain(planned, args.before.hubs, instantText(args.now));
  const changes = args.offer.apply((offer) => [...allChanges(args, offer), ...built].slice(-KEPT));
  const textFor = (namespace: string, names: readonly string[]) =>
    changes.apply((all) => {
      const told = all
        .filter((change) => change.namespaces?.includes(namespace) ?? true)
        .map(({ at, text }) => ({ at: Date.parse(at), text }));
      return announcementsText(announcements, names, told);
    });
  const live = planned.hubs.filter(({ hub }) => !hub.retire);
  for (const { hub, plan } of live)
    if (!JSON.stringify(plan.values).includes(ANNOUNCEMENTS)) pulumi.log.warn(notMounted(hub.id));
  // Hubs of one namespace read one ConfigMap.
  for (const [namespace, hubs] of Map.groupBy(live, ({ hub }) => hub.namespace)) {
    const names = hubs.map(({ hub }) => hub.name);
    new ConfigMap(
      `${cluster.name}/${namespace}/${ANNOUNCEMENTS}`,
      {
        metadata: { name: ANNOUNCEMENTS, namespace },
        data: { [ANNOUNCEMENTS_FILE]: textFor(namespace, names) },
      },
      { parent: cluster, provider: cluster.provider, dependsOn: [args.namespace(namespace)] },
    );
  }
  return changes;
}

/** What earlier deployments changed, and this one: its moment is that of the run. */
function allChanges({ files: { name }, before, now }: AnnouncementsArgs, offer: Offer): HubChangesOutput {
  const known = before.hubChanges.get(name) ?? [];
  const profiles = before.profiles.get(name);
  const recommended = Object.fromEntries(
    Object.keys(offer.recommended).map((entry) => [
      entry,
      before.images.get(`${name}/${entry}`)?.recommended?.tag,
    ]),
  );
  const at = instantText(now);
  const offered = profiles ? offerChanges({ profiles, recommended }, offer) : [];
  const fresh = offered.filter((text) => !isTold(text, known));
  return [...known, ...fresh.map((text) => ({ at, text }))].slice(-KEPT);
}

/**
 * What users would notice of images of the catalog that have another content in this deployment, a sentence each, in the
 * namespaces of the hubs that start the new one.
 */
function builtAgain({ hubs }: PlannedHubs, before: OutputEntries<"hubs">, at: string): HubChangesOutput {
  const found = hubs.flatMap(({ hub, gate, started }) => {
    const was = before.get(hub.id)?.parts ?? {};
    if (isHeld(gate)) return [];
    const { use } = gate;
    return started.flatMap(({ name }) => {
      const [old, now] = [was[`images/${name}`], use[`images/${name}`]];
      return old === undefined || now === undefined || old === now
        ? []
        : [{ name, namespace: hub.namespace }];
    });
  });
  return [...Map.groupBy(found, ({ name }) => name)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, all]) => ({
      at,
      text: `The image ${name} has a new version`,
      namespaces: [...new Set(all.map(({ namespace }) => namespace))].sort(),
    }));
}

const notMounted = (hub: string) =>
  `the values of the hub ${hub} do not mount the ConfigMap ${ANNOUNCEMENTS}, so it shows no announcement; see docs/guides/tell-students.md`;
