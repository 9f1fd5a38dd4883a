import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { kubernetesApi } from "../../../../components/hub/release/api/kubernetes-api.ts";
import type { KubernetesObject } from "../../../../components/hub/release/api/kubernetes-object.ts";
import {
  type LeaseFacts,
  leaseFacts,
  leaseReference,
} from "../../../../components/hub/release/lease/lease-object.ts";
import { releaseHistory } from "../../../../components/hub/release/record/release-history.ts";

const RELEASE = "hub";

const named = (apiVersion: string, kind: string, name: string) => ({ apiVersion, kind, metadata: { name } });

/** All that the chart's release has, in the order in which Helm installs it. */
const OBJECTS = [
  named("networking.k8s.io/v1", "NetworkPolicy", "hub"),
  named("v1", "ServiceAccount", "hub"),
  named("v1", "Secret", "hub"),
  named("v1", "ConfigMap", "extra"),
  named("v1", "ConfigMap", "hub"),
  named("v1", "ConfigMap", "proxy"),
  named("v1", "PersistentVolumeClaim", "hub-db-dir"),
  named("rbac.authorization.k8s.io/v1", "Role", "hub"),
  named("rbac.authorization.k8s.io/v1", "RoleBinding", "hub"),
  named("v1", "Service", "hub"),
  named("v1", "Service", "proxy"),
  named("apps/v1", "Deployment", "hub"),
];
const HOOKS = [named("batch/v1", "Job", "before"), named("batch/v1", "Job", "after")];

/** What there is of a hub on the cluster. */
export interface HubState {
  readonly namespace: boolean;
  /** Who holds the Lease, and what was begun; undefined where there is no Lease. */
  readonly lease: Pick<LeaseFacts, "holder" | "begun"> | undefined;
  /** `2 pending-upgrade`, the oldest first. */
  readonly revisions: readonly string[];
  /** The objects of the release that there are, by `Kind name`, in the order of {@link OBJECTS}. */
  readonly objects: ReadonlyMap<string, KubernetesObject>;
  /** The hooks' Jobs that there are, by name. */
  readonly hooks: readonly string[];
  /** The volumes that its claims have or had, and what becomes of them when the claim goes. */
  readonly volumes: readonly { readonly name: string; readonly reclaims: string | undefined }[];
}

/** Reads hubs from the API server itself, past the gate. */
export class HubInspector {
  readonly #config: KubeConfig;

  constructor(config: KubeConfig) {
    this.#config = config;
  }

  async #volumesOf(hub: string): Promise<HubState["volumes"]> {
    const { items } = await this.#config.makeApiClient(CoreV1Api).listPersistentVolume();
    return items
      .filter(({ spec }) => spec?.claimRef?.namespace === hub)
      .map(({ metadata, spec }) => ({
        name: metadata?.name ?? "",
        reclaims: spec?.persistentVolumeReclaimPolicy,
      }));
  }

  async stateOf(hub: string): Promise<HubState> {
    const api = await kubernetesApi("east", this.#config, hub);
    const name = { namespace: hub, release: RELEASE };
    const present = async (objects: typeof OBJECTS) => {
      const found = await Promise.all(objects.map((object) => api.get(object)));
      return found.flatMap((object) => object ?? []);
    };
    const lease = await api.get(leaseReference(name));
    const objects = await present(OBJECTS);
    return {
      namespace: (await api.get(named("v1", "Namespace", hub))) !== undefined,
      lease: lease && leaseFacts(lease),
      revisions: (await releaseHistory(api, name))
        .toReversed()
        .map(({ revision, status }) => `${revision} ${status}`),
      objects: new Map(objects.map((object) => [`${object.kind} ${object.metadata.name}`, object])),
      hooks: (await present(HOOKS)).map(({ metadata }) => metadata.name),
      volumes: await this.#volumesOf(hub),
    };
  }
}

/** The names of the objects whose content differs, or that only one of the states has. */
export function changedObjects(before: HubState, after: HubState): string[] {
  const names = OBJECTS.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  return names.filter((name) => content(before.objects.get(name)) !== content(after.objects.get(name)));
}

const content = (object: KubernetesObject | undefined) =>
  JSON.stringify(object && [object["data"], object["spec"]]);
