import * as pulumi from "@pulumi/pulumi";
import type { CalendarEvent } from "../../components/calendar/calendar-event.ts";
import { Cluster } from "../../components/cluster/cluster.ts";
import type { BuiltImage } from "../../components/cluster/prepull/image-prepuller.ts";
import type { Offer } from "../../components/hub/profiles/profile-changes.ts";
import type { PrepullPlace } from "../clusters/prepuller.ts";
import type { HubChangesOutput, OutputEntries, WarmUpOutput } from "../outputs/outputs.ts";
import { environmentOf } from "../shards/stack-name.ts";
import { type AnnouncementsBefore, announce } from "./announce.ts";
import { builtImages, type DeployedHubs, deployHubs, type PlannedHubs, planHubs } from "./hubs.ts";
import type { HubPlanArgs, HubsArgs } from "./hubs-args.ts";
import { ObjectPreview } from "./object-preview.ts";
import { ReleaseReader } from "./release/release-plan.ts";
import { registerWarmUp } from "./warm-up/register-warm-up.ts";

/** What all clusters with `cluster.yaml` are registered from. */
type SharedArgs = Omit<
  HubsArgs,
  "files" | "declaration" | "cluster" | "reader" | "after" | "preview" | "before"
> & {
  readonly before: HubsArgs["before"] & AnnouncementsBefore & { readonly warmUps: OutputEntries<"warmUps"> };
  /** The events of the calendar. */
  readonly events: readonly CalendarEvent[];
  /** What time it is, in milliseconds since the epoch. */
  readonly now: number;
};

/** A cluster with `cluster.yaml`: how images are brought to its nodes, and its hubs. */
export interface DeclaredCluster {
  readonly prepull: PrepullPlace;
  /** Decides what each hub is deployed with. @throws {LecternError} with what is wrong with any of them */
  planHubs(rendered: HubPlanArgs["rendered"]): Promise<PlannedHubs>;
  /** The images of the catalog that the nodes hold for hubs. */
  builtImages(planned: PlannedHubs): readonly BuiltImage[];
  deployHubs(planned: PlannedHubs, after: HubsArgs["after"]): Promise<DeployedHubs>;
  /**
   * Registers what the cluster's hubs tell their users, where it has announcements.yaml.
   * @returns what deployments changed, this one included; undefined where it tells nothing
   */
  announce(planned: PlannedHubs, offer: pulumi.Output<Offer>): pulumi.Output<HubChangesOutput> | undefined;
  /** Registers what warms the cluster up for the events of its hubs. @returns its outputs, by event */
  warmUp(planned: PlannedHubs, rendered: HubPlanArgs["rendered"]): Readonly<Record<string, WarmUpOutput>>;
}

/** Registers clusters that have `cluster.yaml`. What they share is read, fetched and compiled once. */
export class DeclaredClusters {
  readonly #args: SharedArgs;
  readonly #reader = new ReleaseReader();
  readonly #preview: ObjectPreview;

  constructor(args: SharedArgs) {
    this.#args = args;
    this.#preview = new ObjectPreview(args.config, args.before.hubDeployments);
  }

  register(files: HubsArgs["files"], declaration: HubsArgs["declaration"]): DeclaredCluster {
    const { config, policy } = this.#args;
    const { name, provider } = declaration;
    const text = config.kubeconfigs?.[name];
    const cluster = new Cluster(name, {
      ...provider,
      ...(text === undefined ? {} : { kubeconfigText: pulumi.secret(text) }),
      protect: policy.protect,
    });
    const shared = {
      ...this.#args,
      files,
      declaration,
      cluster,
      reader: this.#reader,
      preview: this.#preview,
    };
    const environment = environmentOf(pulumi.getStack());
    // Protected where it is a hub's.
    const namespace = (name: string) =>
      declaration.hubs.some((hub) => hub.namespace === name)
        ? cluster.namespace(name)
        : cluster.namespace(name, false);
    return {
      prepull: {
        provider: cluster.provider,
        ...cluster.access,
        environment,
        namespace,
      },
      planHubs: (rendered) => planHubs({ ...shared, rendered }),
      builtImages: (planned) => builtImages(planned, shared),
      deployHubs: (planned, after) => deployHubs(planned, { ...shared, after }),
      announce: (planned, offer) =>
        announce({ ...shared, planned, offer, before: this.#args.before, namespace }),
      warmUp: (planned, rendered) => {
        const { warmUps: before } = this.#args.before;
        return registerWarmUp({ ...shared, planned, rendered, before, environment, namespace });
      },
    };
  }

  /** Waits until a preview has reported what it compares. */
  end(): Promise<void> {
    return this.#preview.end();
  }
}
