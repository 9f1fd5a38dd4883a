import type { Configuration, KubeConfig } from "@kubernetes/client-node";
import { clusterConfig } from "../../../cluster/config.ts";
import { type ClusterAccess, kubeConfigOf } from "../../../cluster/kube-config.ts";
import { unreachable } from "../../../cluster/unreachable.ts";
import type { JsonObject } from "../../../json.ts";
import type { ProviderContext } from "../../../resource/context/context.ts";
import { refused } from "./api-problems.ts";
import type { KubernetesObject, LabelledObject, ObjectReference } from "./kubernetes-object.ts";

/** One cluster's API, on plain JSON: the client's own models drop fields that they don't know. */
export interface KubernetesApi {
  /** An object; undefined where it is gone, or its kind is unknown to the cluster. */
  get(object: ObjectReference): Promise<KubernetesObject | undefined>;
  /** The metadata of objects, without the rest, which can be large. */
  list(of: {
    apiVersion: string;
    kind: string;
    namespace: string;
    labels: string;
  }): Promise<LabelledObject[]>;
  /** Creates an object. @returns undefined where there is one of the name already */
  create(object: KubernetesObject): Promise<KubernetesObject | undefined>;
  /** Replaces an object of the same `resourceVersion`. @returns undefined where another write came first */
  replace(object: KubernetesObject): Promise<KubernetesObject | undefined>;
  /** Server-side apply, forced. */
  apply(object: KubernetesObject, fieldManager: string): Promise<KubernetesObject>;
  /** A JSON Patch. @returns undefined where a test in it fails, or the object is gone */
  patch(
    object: ObjectReference,
    patch: readonly JsonObject[],
    fieldManager: string,
  ): Promise<KubernetesObject | undefined>;
  /** Deletes an object with what belongs to it, in the background; one that is gone is no error. */
  remove(object: ObjectReference): Promise<void>;
}

interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
  /** What it does, for a message: `read ConfigMap hub`. */
  readonly does: string;
  /** Statuses that are an answer of their own. */
  readonly expected?: readonly number[];
}

const JSON_TYPE = "application/json";
const METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/** Milliseconds within which an API answers. */
const LIMIT = 30_000;

/** The API of a cluster as a custom resource's inputs name it; one for each run. */
export function apiOf(
  access: ClusterAccess & { readonly namespace: string },
  context: ProviderContext,
): Promise<KubernetesApi> {
  const { cluster, context: name, kubeconfig, namespace } = access;
  const key = JSON.stringify(["kubernetes-api", cluster, name, kubeconfig, namespace]);
  return context.once(key, async () => {
    const { kubeconfigs } = context.config({ kubeconfigs: clusterConfig.kubeconfigs });
    return kubernetesApi(cluster, await kubeConfigOf(access, kubeconfigs?.[cluster]), namespace);
  });
}

/**
 * @param home the namespace of objects that name none
 * @throws {LecternError} from each call, where the API does not answer or refuses; never with an object's content
 */
export async function kubernetesApi(
  cluster: string,
  config: KubeConfig,
  home: string,
): Promise<KubernetesApi> {
  const call = await caller(cluster, config);
  const kinds = kindsOf(call);
  const pathOf = async (object: ObjectReference, named = true) => {
    const { apiVersion, kind, metadata } = object;
    const known = await kinds(apiVersion, kind);
    if (!known) return undefined;
    const space = known.namespaced ? `/namespaces/${encodeURIComponent(metadata.namespace ?? home)}` : "";
    return `${groupPath(apiVersion)}${space}/${known.name}${named ? `/${encodeURIComponent(metadata.name)}` : ""}`;
  };
  const knownPath = async (object: ObjectReference, named = true) => {
    const path = await pathOf(object, named);
    if (path === undefined) throw unknownKind(cluster, object);
    return path;
  };
  return {
    async get(object) {
      const path = await pathOf(object);
      if (path === undefined) return undefined;
      return call({ method: "GET", path, does: `read ${labelOf(object)}`, expected: [404] });
    },
    async list({ apiVersion, kind, namespace, labels }) {
      const path = await knownPath({ apiVersion, kind, metadata: { name: "", namespace } }, false);
      const found = await call({
        method: "GET",
        path,
        query: { labelSelector: labels },
        accept: METADATA,
        does: `list the ${kind}s of the namespace ${namespace}`,
      });
      return itemsOf(found).map(({ metadata }) => ({ apiVersion, kind, metadata }));
    },
    async create(body) {
      const path = await knownPath(body, false);
      return call({ method: "POST", path, body, does: `create ${labelOf(body)}`, expected: [409] });
    },
    async replace(body) {
      const path = await knownPath(body);
      return call({ method: "PUT", path, body, does: `update ${labelOf(body)}`, expected: [409, 404] });
    },
    async apply(body, fieldManager) {
      const path = await knownPath(body);
      const query = { fieldManager, force: "true" };
      const type = "application/apply-patch+yaml";
      const does = `apply ${labelOf(body)}`;
      const applied = await call({ method: "PATCH", path, body, query, type, does });
      return applied ?? body;
    },
    async patch(object, body, fieldManager) {
      const path = await knownPath(object);
      const type = "application/json-patch+json";
      const does = `update ${labelOf(object)}`;
      // 422 is what a test that fails is answered with.
      return call({
        method: "PATCH",
        path,
        body,
        query: { fieldManager },
        type,
        does,
        expected: [404, 409, 422],
      });
    },
    async remove(object) {
      const path = await pathOf(object);
      if (path === undefined) return;
      const query = { propagationPolicy: "Background" };
      await call({ method: "DELETE", path, query, does: `delete ${labelOf(object)}`, expected: [404] });
    },
  };
}

type Caller = (call: Call) => Promise<KubernetesObject | undefined>;

const labelOf = ({ kind, metadata }: ObjectReference) => `${kind} ${metadata.name}`;
const groupPath = (apiVersion: string) =>
  apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;

// The API server answers with what these are declared as.
const itemsOf = (list: JsonObject | undefined) => (list?.["items"] ?? []) as KubernetesObject[];

interface KnownKind {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** What a group's kinds are called in paths; asked for once for each group. */
function kindsOf(call: Caller): (apiVersion: string, kind: string) => Promise<KnownKind | undefined> {
  const groups = new Map<string, Promise<readonly KnownKind[]>>();
  const ask = async (apiVersion: string) => {
    const does = `list the kinds of ${apiVersion}`;
    const found = await call({ method: "GET", path: groupPath(apiVersion), does, expected: [404] });
    return (found?.["resources"] ?? []) as readonly KnownKind[];
  };
  return async (apiVersion, kind) => {
    const known = groups.get(apiVersion) ?? ask(apiVersion);
    groups.set(apiVersion, known);
    known.catch(() => groups.delete(apiVersion));
    // A subresource such as `deployments/scale` has a kind, too.
    return (await known).find((one) => one.kind === kind && !one.name.includes("/"));
  };
}

function unknownKind(cluster: string, { apiVersion, kind }: ObjectReference) {
  return refused(cluster, `find the kind ${kind} of ${apiVersion}`, 404);
}

/** @throws {LecternError} where the kubeconfig has no current context, or one that leads nowhere */
function configurationOf(cluster: string, config: KubeConfig): Configuration {
  class Transport {
    readonly configuration: Configuration;
    constructor(configuration: Configuration) {
      this.configuration = configuration;
    }
  }
  try {
    return config.makeApiClient(Transport).configuration;
  } catch (error) {
    throw unreachable(cluster, error);
  }
}

/** The transport of the Kubernetes client, which is large and loads only now: certificates, proxies, exec plugins. */
async function caller(cluster: string, config: KubeConfig): Promise<Caller> {
  const { HttpMethod } = await import("@kubernetes/client-node");
  const { baseServer, httpApi, authMethods } = configurationOf(cluster, config);
  const send = async ({ method, path, query = {}, body, type = JSON_TYPE, accept = JSON_TYPE }: Call) => {
    const request = baseServer.makeRequestContext(path, HttpMethod[method]);
    request.setHeaderParam("Accept", accept);
    for (const [name, value] of Object.entries(query)) request.setQueryParam(name, value);
    if (body !== undefined) {
      request.setHeaderParam("Content-Type", type);
      request.setBody(JSON.stringify(body));
    }
    request.setSignal(AbortSignal.timeout(LIMIT));
    await authMethods.default?.applySecurityAuthentication(request);
    const response = await httpApi.send(request).toPromise();
    return { status: response.httpStatusCode, text: await response.body.text() };
  };
  return async (call) => {
    const answer = await send(call).catch((error: unknown) => {
      throw unreachable(cluster, error);
    });
    if (call.expected?.includes(answer.status)) return undefined;
    if (answer.status >= 300) throw refused(cluster, call.does, answer.status, answer.text);
    return JSON.parse(answer.text) as KubernetesObject;
  };
}
