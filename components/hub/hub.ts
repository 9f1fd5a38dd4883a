import * as pulumi from "@pulumi/pulumi";
import type { HubDeclaration } from "../cluster/declaration/cluster-declaration.ts";
import { HubHealth } from "./health/hub-health-resource.ts";
import { type ChartReleaseArgs, chartRelease } from "./release/chart-release.ts";

export interface HubArgs extends Omit<ChartReleaseArgs, "declaration"> {
  readonly declaration: HubDeclaration;
  /** Chart, version and values as JSON: what is kept of a deployment that is healthy. A secret. */
  readonly deployment: pulumi.Input<string>;
  /** The digest of the notebook that is executed in a server of the hub, where there is one. */
  readonly notebookDigest?: string | undefined;
  /** The hub's token, for the commands of operators; a secret. */
  readonly token?: pulumi.Input<string> | undefined;
}

/**
 * A JupyterHub: a Helm release, then the check of its health, then the operator's own commands. What depends
 * on the hub's health waits for all of them.
 */
export class Hub extends pulumi.ComponentResource {
  /** Whether everything that was checked is as it should be; true where nothing is checked. */
  readonly healthy: pulumi.Output<boolean>;
  /** What `deployment` was when the hub was healthy last; a secret. */
  readonly lastHealthy: pulumi.Output<string | undefined>;
  /** Since when it is healthy with what is deployed, ISO 8601; empty where nothing is checked. */
  readonly since: pulumi.Output<string>;

  constructor(name: string, args: HubArgs, options: pulumi.CustomResourceOptions = {}) {
    const { protect, ignoreChanges = [], dependsOn = [] } = options;
    super("lectern:hub:Hub", name, {}, { parent: args.cluster, ...(protect ? { protect } : {}) });
    const child = { parent: this, ignoreChanges };
    const { done } = chartRelease(name, args, { ...child, dependsOn, ...(protect ? { protect } : {}) });
    const health = this.#health(name, args, { ...child, dependsOn: [...done] });
    const checked = health ? [...done, health] : done;
    const healthy = health ? health.healthy : pulumi.output(true);
    const urns = pulumi.all(checked.map(({ urn }) => urn));
    this.healthy = pulumi.all([healthy, urns]).apply(([isHealthy]) => isHealthy);
    this.since = health ? health.since : pulumi.output("");
    this.lastHealthy = health
      ? health.lastHealthy
      : pulumi.output(args.deployment).apply((text): string | undefined => text);
    this.registerOutputs();
  }

  #health(name: string, args: HubArgs, options: pulumi.CustomResourceOptions) {
    const { declaration, contact, cluster, change, deployment, notebookDigest } = args;
    const { health, namespace, release, id } = declaration;
    if (!contact || health === false) return undefined;
    const { attempts, limit, settle, testUser, notebookPath } = health;
    const url = urlOf(declaration);
    return new HubHealth(
      name,
      {
        ...cluster.access,
        namespace,
        release,
        hub: id,
        change,
        ...(url === undefined ? {} : { url }),
        attempts,
        limit,
        settle,
        ...(testUser === undefined ? {} : { testUser }),
        ...(notebookPath === undefined || notebookDigest === undefined
          ? {}
          : { notebook: { path: notebookPath, digest: notebookDigest } }),
        deployment: pulumi.secret(deployment),
      },
      options,
    );
  }
}

/** Where a hub is reached, without a slash at its end; undefined where only the cluster's API reaches it. */
export function urlOf({ health, domain }: Pick<HubDeclaration, "health" | "domain">): string | undefined {
  const given = health === false ? undefined : health.url?.replace(/\/+$/, "");
  return given ?? (domain === undefined ? undefined : `https://${domain}`);
}
