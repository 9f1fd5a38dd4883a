import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import { PriorityClass } from "@pulumi/kubernetes/scheduling/v1/priorityClass.js";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../cluster.ts";
import type { PodSettings } from "../prepull/prepull-pod.ts";
import { WINDOWS_FILE } from "./mounted-windows.ts";
import {
  type PlaceholderDeployment,
  type PlannedPlaceholder,
  placeholderDeployment,
  scaledPlaceholder,
} from "./placeholder.ts";
import { type ReconcilerArgs, scalingRoles, serviceAccount, tickCronJob } from "./reconciler.ts";

/**
 * Below what every other pod has by default, so that servers take the place of placeholders at once; not below what the
 * cluster autoscaler still makes room for, which is -10 too.
 */
const PRIORITY = -10;

export interface WarmUpArgs extends Omit<PodSettings, "priorityClassName" | "pullSpread"> {
  readonly cluster: Cluster;
  /** Where it runs. */
  readonly namespace: string;
  /** In the names of what several environments would have in one cluster. */
  readonly environment: string | undefined;
  /** The image of the command line. */
  readonly image: string;
  readonly placeholders: readonly PlannedPlaceholder[];
  /** The windows' file. */
  readonly windows: string;
  /** What is done before, such as its namespace. @default nothing */
  readonly after?: readonly pulumi.Resource[];
}

/** The name of what warms an environment of a cluster up. */
const warmUpName = (environment: string | undefined) =>
  environment === undefined ? "lectern-warm-up" : `lectern-warm-up-${environment}`;

/**
 * What brings the nodes of a cluster up before events: placeholders that have the size of users' servers and no
 * priority, the windows in which they are there, and a CronJob that scales them, with the right to do that alone.
 */
export class WarmUp extends pulumi.ComponentResource {
  constructor(name: string, args: WarmUpArgs, options?: pulumi.ComponentResourceOptions) {
    const { cluster, namespace, environment, placeholders } = args;
    super("lectern:cluster:WarmUp", name, {}, { ...options, parent: cluster });
    const child = { parent: this, provider: cluster.provider, dependsOn: [...(args.after ?? [])] };
    const own = warmUpName(environment);
    const scaled = placeholders.map((one) => scaledPlaceholder(one, namespace));
    const reconciler: ReconcilerArgs = {
      name: own,
      namespace,
      image: args.image,
      pullSecrets: args.pullSecrets ?? [],
      placeholders: scaled,
    };
    const priority = new PriorityClass(
      `${name}/${own}`,
      {
        metadata: { name: own },
        value: PRIORITY,
        globalDefault: false,
        preemptionPolicy: "Never",
        description: "Placeholders of Lectern: servers of users take their place",
      },
      child,
    );
    const dependents = { ...child, dependsOn: [...child.dependsOn, priority] };
    const registered = placeholders.flatMap((one) => {
      if ("statefulSet" in one) return [];
      const manifest = placeholderDeployment(one, namespace, { ...args, priorityClassName: own });
      return [this.#deployment(`${name}/${one.key}`, manifest, dependents)];
    });
    const roles = scalingRoles(reconciler).flatMap(({ role, binding }) => {
      const id = `${name}/${role.metadata.namespace}/${own}`;
      return [new Role(id, plain(role), child), new RoleBinding(id, plain(binding), child)];
    });
    const account = new ServiceAccount(`${name}/${own}`, plain(serviceAccount(reconciler)), child);
    const metadata = { name: own, namespace };
    const data = { [WINDOWS_FILE]: args.windows };
    const windows = new ConfigMap(`${name}/${own}`, { metadata, data }, child);
    new CronJob(`${name}/${own}`, plain(tickCronJob(reconciler)), {
      ...child,
      dependsOn: [...child.dependsOn, ...registered, ...roles, account, windows],
    });
    this.registerOutputs();
  }

  /** How many there are is what ticks decide, so no deployment changes it. */
  #deployment(
    name: string,
    manifest: PlaceholderDeployment,
    options: pulumi.CustomResourceOptions,
  ): Deployment {
    // The engine would wait until placeholders are ready, which have nodes only while an event is near.
    const annotations = { ...manifest.metadata.annotations, "pulumi.com/skipAwait": "true" };
    const inputs = { ...manifest, metadata: { ...manifest.metadata, annotations } };
    return new Deployment(name, plain(inputs), { ...options, ignoreChanges: ["spec.replicas"] });
  }
}

/** A manifest of our own, as the SDK's classes take it. */
const plain = <T extends object>(manifest: object): T => JSON.parse(JSON.stringify(manifest));
