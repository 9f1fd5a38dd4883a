import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Agent, request } from "node:https";
import type { AddressInfo } from "node:net";
import type { KubeConfig } from "@kubernetes/client-node";

/** A request to the API server. */
export interface ApiCall {
  /** `POST secrets`, `PUT secrets/<name>`, `POST namespaces`; the method is `WATCH` where a GET is one. */
  readonly does: string;
  /** The namespace that it is about; empty where it is about none. */
  readonly namespace: string;
  readonly body: string;
}

/** Before a request reaches the API server; after the API server did what it asks for, and before the reply. */
export type Side = "before" | "after";

/** Called on both sides of each request, which goes on when it returns. */
export type OnCall = (call: ApiCall, side: Side) => Promise<void> | void;

/** A proxy in front of an API server, at which requests can be held for as long as a test likes. */
export class ClusterGate {
  /** Called for each request from now on. */
  onCall: OnCall = () => {};
  /** The kubeconfig that leads through the gate. */
  readonly kubeconfig: string;
  readonly #server: Server;
  readonly #upstream: URL;
  // Go's clients send no token where there is no TLS.
  readonly #authorization: string;
  // Nobody knows the authority that signs an API server's certificate of a test.
  readonly #agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

  private constructor(server: Server, config: KubeConfig, upstream: string) {
    this.#server = server;
    this.#upstream = new URL(upstream);
    this.#authorization = `Bearer ${config.getCurrentUser()?.token}`;
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.kubeconfig = config.exportConfig().replaceAll(upstream, origin);
  }

  static async before(config: KubeConfig): Promise<ClusterGate> {
    const upstream = config.getCurrentCluster()?.server;
    if (upstream === undefined) throw new Error("the kubeconfig names no server");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const gate = new ClusterGate(server, config, upstream);
    server.on("request", (incoming, outgoing) => {
      gate.#pass(incoming, outgoing).catch(() => outgoing.destroy());
    });
    return gate;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#agent.destroy();
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "GET", url: path = "/" } = incoming;
    const headers = { ...incoming.headers, authorization: this.#authorization };
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const call = callOf(method, path, body.toString());
    await this.onCall(call, "before");
    if (outgoing.destroyed) return;
    const { hostname, port } = this.#upstream;
    const options = { agent: this.#agent, hostname, port, method, path, headers };
    const upstream = request(options, async (reply) => {
      await this.onCall(call, "after");
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    });
    upstream.on("error", () => outgoing.destroy());
    // A watch ends when whoever watches is gone.
    outgoing.on("close", () => upstream.destroy());
    upstream.end(body);
  }
}

const NAMESPACED = /^\/(?:api|apis\/[^/]+)\/[^/]+\/namespaces\/([^/]+)(?:\/(.+))?$/;

function callOf(method: string, url: string, body: string): ApiCall {
  const { pathname, searchParams } = new URL(url, "http://gate");
  const verb = searchParams.get("watch") ? "WATCH" : method;
  const [, namespace, rest] = NAMESPACED.exec(pathname) ?? [];
  if (namespace !== undefined) return { does: `${verb} ${rest ?? "namespaces"}`, namespace, body };
  const isNamespace = pathname === "/api/v1/namespaces" && method === "POST";
  const named = isNamespace ? /"name":"([^"]+)"/.exec(body)?.[1] : undefined;
  return { does: `${verb} ${isNamespace ? "namespaces" : pathname}`, namespace: named ?? "", body };
}
