import { request as requestHttp } from "node:http";
import { type RequestOptions, request as requestHttps } from "node:https";
import type { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import type { HubReader } from "./hub-reader.ts";

/** A namespace with many users has many warnings; more than this would only slow the watch down. */
const MOST_WARNINGS = 2_000;
const LOG_LINES = 10;
/** Of Zero to JupyterHub: the name and the port of the hub's Service. */
const HUB_SERVICE = { name: "hub", port: 8081 };

/** Reads a cluster through its API; loads the Kubernetes client, which is large, only then. */
export async function clusterHubReader(config: KubeConfig, namespace: string): Promise<HubReader> {
  const { ApiException, CoreV1Api: Core } = await import("@kubernetes/client-node");
  const core = config.makeApiClient(Core);
  const unlessRefused = async <T>(act: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await act();
    } catch (error) {
      if (error instanceof ApiException && error.code < 500) return undefined;
      throw error;
    }
  };
  return {
    pods: async () => (await unlessRefused(() => core.listNamespacedPod({ namespace })))?.items,
    warnings: async () => {
      const wanted = { namespace, fieldSelector: "type=Warning", limit: MOST_WARNINGS };
      return (await unlessRefused(() => core.listNamespacedEvent(wanted)))?.items ?? [];
    },
    log: async (name, container, previous) => {
      const read = (before: boolean) =>
        core.readNamespacedPodLog({ name, namespace, container, tailLines: LOG_LINES, previous: before });
      // A container that has restarted may have no log of the run before any more.
      const text = (previous ? await read(true).catch(() => "") : "") || (await read(false).catch(() => ""));
      return text.split("\n").filter((line) => line.trim() !== "");
    },
    askHub: async (path, timeout, signal) => {
      const { name, port } = (await hubService(core, namespace, unlessRefused)) ?? HUB_SERVICE;
      const proxy = `/api/v1/namespaces/${namespace}/services/http:${name}:${port}/proxy`;
      return statusOf(config, `${proxy}${path}`, timeout, signal);
    },
  };
}

/** The Service of the hub may have another name: charts prefix it with the release's. */
async function hubService(
  core: CoreV1Api,
  namespace: string,
  unlessRefused: <T>(act: () => Promise<T>) => Promise<T | undefined>,
): Promise<typeof HUB_SERVICE | undefined> {
  const labelSelector = "component=hub";
  const listed = await unlessRefused(() => core.listNamespacedService({ namespace, labelSelector }));
  const found = listed?.items.find(({ metadata }) => metadata?.name === HUB_SERVICE.name) ?? listed?.items[0];
  const name = found?.metadata?.name;
  return name === undefined ? undefined : { name, port: found?.spec?.ports?.[0]?.port ?? HUB_SERVICE.port };
}

/** The client's own calls read a body as the type of an object of Kubernetes, which a hub's answer has not. */
async function statusOf(
  config: KubeConfig,
  path: string,
  timeout: number,
  signal: AbortSignal,
): Promise<number> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const url = new URL(`${config.getCurrentCluster()?.server.replace(/\/$/, "") ?? ""}${path}`);
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = send(url, { ...options, method: "GET", signal, timeout }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
      response.once("error", reject);
    });
    request.once("timeout", () => request.destroy(new Error(`no answer within ${timeout / 1000} s`)));
    request.once("error", (error) => reject(signal.aborted ? signal.reason : error));
    request.end();
  });
}
