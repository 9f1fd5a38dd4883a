import type { CalendarEvent } from "../../components/calendar/calendar-event.ts";
import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import type { Freeze } from "../calendar/freeze.ts";
import type { Catalog } from "../catalog.ts";
import type { StackConfig } from "../config.ts";
import type { HubImages } from "../hubs/images/hub-images.ts";
import type { OutputEntries } from "../outputs/outputs.ts";
import type { StackPolicy } from "../policy.ts";
import type { Holds } from "../promotion/holds.ts";

/** What clusters are deployed from. */
export interface ClustersArgs {
  readonly catalog: Catalog;
  readonly clusters: readonly ClusterFiles[];
  readonly config: StackConfig;
  readonly policy: StackPolicy;
  readonly holds: Holds;
  readonly freeze: Freeze;
  /** The images of the catalog that hubs use. */
  readonly hubImages: HubImages;
  /** What this stack has deployed before, as its outputs say. */
  readonly before: {
    readonly images: OutputEntries<"images">;
    readonly aliases: OutputEntries<"aliases">;
    readonly hubs: OutputEntries<"hubs">;
    readonly support: OutputEntries<"support">;
    readonly hubDeployments: OutputEntries<"hubDeployments">;
    readonly profiles: OutputEntries<"profiles">;
    readonly warmUps: OutputEntries<"warmUps">;
    readonly hubChanges: OutputEntries<"hubChanges">;
  };
  /** The events of the calendar. */
  readonly events: readonly CalendarEvent[];
  /** What time it is, in milliseconds since the epoch. */
  readonly now: number;
}
