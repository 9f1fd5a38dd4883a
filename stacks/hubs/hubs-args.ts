import type * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../../components/cluster/cluster.ts";
import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import type { ClusterDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import type { KubeSpawnerProfile } from "../../components/hub/profiles/profile-list.ts";
import type { StackConfig } from "../config.ts";
import type { OutputEntries } from "../outputs.ts";
import type { StackPolicy } from "../policy.ts";
import type { Holds } from "../promotion/holds.ts";
import type { HubImages } from "./hub-images.ts";
import type { ObjectPreview } from "./object-preview.ts";
import type { ReleaseReader } from "./release-plan.ts";

/** What the hubs of a cluster are registered from. */
export interface HubsArgs {
  readonly files: ClusterFiles;
  readonly declaration: ClusterDeclaration;
  readonly cluster: Cluster;
  readonly config: StackConfig;
  readonly policy: StackPolicy;
  readonly holds: Holds;
  readonly reader: ReleaseReader;
  readonly images: HubImages;
  readonly preview: ObjectPreview;
  readonly profiles: readonly KubeSpawnerProfile[];
  /** What is done before the hubs: images are on their nodes. */
  readonly after: readonly pulumi.Resource[];
  readonly before: {
    readonly hubs: OutputEntries<"hubs">;
    readonly support: OutputEntries<"support">;
    readonly hubDeployments: OutputEntries<"hubDeployments">;
  };
}
