import * as pulumi from "@pulumi/pulumi";
import type { HubDeclaration } from "../cluster/declaration/cluster-declaration.ts";
import { HubDatabaseBackup } from "./database/hub-database-backup-resource.ts";
import type { HubDatabase, HubVersion } from "./database/jupyterhub-move.ts";
import { editText } from "./drift/comparison/edits.ts";
import { HubHealth } from "./health/hub-health-resource.ts";
import { urlOf } from "./hub-address.ts";
import { type ChartReleaseArgs, chartRelease, type ReleaseOptions } from "./release/chart-release.ts";
import { HubRetirement } from "./retirement/hub-retirement-resource.ts";

export interface HubArgs extends Omit<ChartReleaseArgs, "declaration"> {
  readonly declaration: HubDeclaration;
  /** Chart, version and values as JSON: what is kept of a deployment that is healthy. A secret. */
  readonly deployment: pulumi.Input<string>;
  /** The digest of the notebook that is executed in a server of the hub, where there is one. */
  readonly notebookDigest?: string | undefined;
  /** Which JupyterHub it runs: before that moves, the database is backed up. */
  readonly version: HubVersion;
  readonly databaseKind: HubDatabase;
}

/** A JupyterHub: the backup of its database, its Helm release, and the check of its health. */
export class Hub extends pulumi.ComponentResource {
  /** What is done once the hub is deployed and its health was checked. */
  readonly checked: readonly pulumi.Resource[];
  /** True once the release is deployed, whatever its health. */
  readonly released: pulumi.Output<boolean>;
  /** Whether everything that was checked is as it should be; true where nothing is checked, never where it is retired. */
  readonly healthy: pulumi.Output<boolean>;
  /** What `deployment` was when the hub was healthy last; a secret. */
  readonly lastHealthy: pulumi.Output<string | undefined>;
  /** Since when it is healthy with what is deployed, ISO 8601; empty where nothing is checked. */
  readonly since: pulumi.Output<string>;
  /** What is edited of its objects and stays, one sentence each. */
  readonly edits: pulumi.Output<readonly string[]>;

  /** Whether it is left as it is until its release is removed. */
  readonly isRetired: boolean;
  /** Whether it is retired, and the cluster is contacted to stop it. */
  readonly isStopped: boolean;

  constructor(name: string, args: HubArgs, options: ReleaseOptions = {}) {
    const { protect, ignoreChanges = [], dependsOn = [] } = options;
    super("lectern:hub:Hub", name, {}, { parent: args.cluster, ...(protect ? { protect } : {}) });
    this.isRetired = args.retired ?? false;
    this.isStopped = this.isRetired && args.contact;
    // Only the release itself is protected.
    const child = { parent: this, ignoreChanges, protect: false };
    const before = [...dependsOn, ...this.#backup(name, args, { ...child, dependsOn: [...dependsOn] })];
    const { done, edits } = chartRelease(name, args, {
      ...child,
      dependsOn: before,
      protect: protect ?? false,
    });
    this.edits = edits.apply((found) => (found ?? []).map(editText));
    const retirement = this.#retirement(name, args, [...done]);
    const health = this.#health(name, args, { ...child, dependsOn: [...done] });
    this.checked = [...done, ...retirement, ...(health ? [health] : [])];
    this.released = pulumi.all(done.map(({ urn }) => urn)).apply(() => true);
    const healthy = health ? health.healthy : pulumi.output(!this.isRetired);
    const urns = pulumi.all(this.checked.map(({ urn }) => urn));
    this.healthy = pulumi.all([healthy, urns]).apply(([isHealthy]) => isHealthy);
    this.since = health ? health.since : pulumi.output("");
    this.lastHealthy = health
      ? health.lastHealthy
      : pulumi.output(args.deployment).apply((text): string | undefined => text);
    this.registerOutputs();
  }

  #backup(name: string, args: HubArgs, options: pulumi.CustomResourceOptions): pulumi.Resource[] {
    const { declaration, contact, cluster, version, databaseKind, retired } = args;
    const { namespace, release, id, database, timeout } = declaration;
    const command = typeof database === "object" ? database.backup : undefined;
    if (!contact || retired || (command === undefined && databaseKind !== "sqlite-pvc")) return [];
    const place = { ...cluster.access, namespace, release, hub: id };
    const limit = Math.max(timeout, 60);
    return [
      new HubDatabaseBackup(
        name,
        { ...place, version, limit, ...(command === undefined ? {} : { command }) },
        options,
      ),
    ];
  }

  #retirement(name: string, args: HubArgs, done: readonly pulumi.Resource[]): pulumi.Resource[] {
    const { contact, retired, cluster, declaration } = args;
    if (!contact || !retired) return [];
    const { namespace, release } = declaration;
    const place = { ...cluster.access, namespace, release };
    return [new HubRetirement(name, place, { parent: this, protect: false, dependsOn: [...done] })];
  }

  #health(name: string, args: HubArgs, options: pulumi.CustomResourceOptions) {
    const { declaration, contact, cluster, change, deployment, notebookDigest, retired, held } = args;
    const { health, namespace, release, id } = declaration;
    if (!contact || retired || health === false) return undefined;
    const { attempts, limit, settle, testUser, notebookPath } = health;
    const url = urlOf(declaration);
    const inputs = {
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
    };
    if (!held) return new HubHealth(name, inputs, options);
    // All but that it is held.
    return new HubHealth(name, { ...inputs, held }, { ...options, ignoreChanges: Object.keys(inputs) });
  }
}
