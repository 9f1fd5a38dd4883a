import * as pulumi from "@pulumi/pulumi";
import { type ChartReleaseArgs, chartRelease } from "../hub/release/chart-release.ts";

/** What a cluster runs beside its hubs, such as an ingress controller and monitoring. */
export class Support extends pulumi.ComponentResource {
  /** What is done once it is deployed. */
  readonly done: readonly pulumi.Resource[];
  /** True once it is deployed. */
  readonly healthy: pulumi.Output<boolean>;

  constructor(name: string, args: ChartReleaseArgs, options?: pulumi.ComponentResourceOptions) {
    super("lectern:cluster:Support", name, {}, { ...options, parent: args.cluster });
    const { protect, ignoreChanges = [] } = options ?? {};
    const { done } = chartRelease(`${name}/support`, args, {
      parent: this,
      ignoreChanges,
      ...(protect ? { protect } : {}),
    });
    this.done = done;
    this.healthy = pulumi.all(done.map(({ urn }) => urn)).apply(() => true);
    this.registerOutputs();
  }
}
