import * as pulumi from "@pulumi/pulumi";
import type { CalendarEvent } from "../../../components/calendar/calendar-event.ts";
import type { Cluster } from "../../../components/cluster/cluster.ts";
import { DEFAULT_CLUSTER } from "../../../components/cluster/config.ts";
import { scaledPlaceholder } from "../../../components/cluster/warm-up/placeholder.ts";
import { WarmUp } from "../../../components/cluster/warm-up/warm-up.ts";
import { instantText, windowsText } from "../../../components/cluster/warm-up/windows.ts";
import type { StackConfig } from "../../config.ts";
import type { OutputEntries, WarmUpOutput } from "../../outputs/outputs.ts";
import type { PlannedHubs } from "../hubs.ts";
import type { HubPlanArgs } from "../hubs-args.ts";
import { planWarmUp } from "./plan-warm-up.ts";
import { releasedImage } from "./released-image.ts";
import { warmUpChanges } from "./warm-up-words.ts";

export interface WarmUpRegistration {
  readonly cluster: Cluster;
  readonly planned: PlannedHubs;
  readonly rendered: HubPlanArgs["rendered"];
  readonly events: readonly CalendarEvent[];
  readonly config: StackConfig;
  readonly before: OutputEntries<"warmUps">;
  /** In the names of what several environments would have in one cluster. */
  readonly environment: string | undefined;
  /** The namespace that it runs in, registered. */
  readonly namespace: (name: string) => pulumi.Resource;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Registers what warms a cluster up for the events of its hubs; nothing where it has none. @returns its outputs, by event */
export function registerWarmUp(args: WarmUpRegistration): Readonly<Record<string, WarmUpOutput>> {
  const { cluster, planned, config, now, before, environment } = args;
  const plan = planWarmUp({ ...args, hubs: planned.hubs });
  const settings = config.clusters[cluster.name] ?? DEFAULT_CLUSTER;
  const { namespace, carrier, pullSecrets, userTolerations } = settings;
  const ofCluster = new Map([...before].filter(([, event]) => event?.hub.split("/")[0] === cluster.name));
  const changes = warmUpChanges(ofCluster, new Map(Object.entries(plan?.events ?? {})), now);
  const said = changes.length === 0 ? "" : [`warm-up of ${cluster.name}`, ...changes].join("\n  ");
  if (!plan) {
    if (said !== "" && pulumi.runtime.isDryRun()) pulumi.log.info(said);
    return {};
  }
  const placeholders = Object.fromEntries(
    plan.placeholders.map((one) => [one.key, scaledPlaceholder(one, namespace)]),
  );
  const { text, until, leftOut } = windowsText({ until: plan.until, placeholders, windows: plan.windows });
  if (leftOut > 0) pulumi.log.warn(tooMany(cluster.name, leftOut, until));
  const { image, isReleased } = releasedImage();
  if (config.tickImage === undefined && !isReleased) pulumi.log.warn(notReleased(cluster.name, image));
  const warmUp = new WarmUp(cluster.name, {
    cluster,
    namespace,
    environment,
    image: config.tickImage ?? image,
    pauseImage: carrier,
    pullSecrets,
    userTolerations,
    placeholders: plan.placeholders,
    windows: text,
    after: [args.namespace(namespace)],
  });
  if (said !== "" && pulumi.runtime.isDryRun()) pulumi.log.info(said, warmUp);
  return plan.events;
}

const tooMany = (cluster: string, leftOut: number, until: number) =>
  `the calendar of ${cluster} has ${leftOut} warm-ups more than a ConfigMap has room for: it is expanded until ${instantText(until)}, and later ones come with later deployments`;

const notReleased = (cluster: string, image: string) =>
  `${cluster} is warmed up by the image ${image}, which was not released with this version; name yours with lectern:tickImage`;
