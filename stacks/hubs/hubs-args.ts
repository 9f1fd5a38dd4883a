import type * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../../components/cluster/cluster.ts";
import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import type { ClusterDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import type { RenderedProfile } from "../../components/hub/profiles/profile-list.ts";
import type { Freeze } from "../calendar/freeze.ts";
import type { StackConfig } from "../config.ts";
import type { OutputEntries } from "../outputs/outputs.ts";
import type { StackPolicy } from "../policy.ts";
import type { Holds } from "../promotion/holds.ts";
import type { HubImages } from "./images/hub-images.ts";
import type { ObjectPreview } from "./object-preview.ts";
import type { ReleaseReader } from "./release/release-plan.ts";

/** What is decided from of the hubs of a cluster. */
export interface HubPlanArgs {
  readonly declaration: ClusterDeclaration;
  readonly config: StackConfig;
  readonly policy: StackPolicy;
  readonly freeze: Freeze;
  readonly reader: ReleaseReader;
  readonly images: HubImages;
  /** The profiles of the cluster's hubs. */
  readonly rendered: readonly RenderedProfile[];
  readonly before: {
    readonly hubs: OutputEntries<"hubs">;
    readonly support: OutputEntries<"support">;
    readonly hubDeployments: OutputEntries<"hubDeployments">;
  };
}

/** What the hubs of a cluster are registered from. */
export interface HubsArgs extends Omit<HubPlanArgs, "rendered"> {
  readonly files: ClusterFiles;
  readonly cluster: Cluster;
  readonly holds: Holds;
  readonly preview: ObjectPreview;
  /** What is done before the hubs: images are on their nodes. */
  readonly after: readonly pulumi.Resource[];
}
