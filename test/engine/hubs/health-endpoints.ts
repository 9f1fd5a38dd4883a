import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands in for the health endpoints of hubs, whose pods only seem to run: each answers what a test says. */
export class HealthEndpoints {
  /** Those that answer with an error. */
  readonly broken = new Set<string>();
  /** Called for each request to a hub, which is answered when it returns. */
  onRequest: (hub: string) => Promise<void> | void = () => {};
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<HealthEndpoints> {
    const server = createServer();
    const endpoints = new HealthEndpoints(server);
    server.on("request", async (request, response) => {
      const [, hub = "", ...path] = (request.url ?? "").split("/");
      await endpoints.onRequest(hub);
      const isHealthy = path.join("/") === "hub/health" && !endpoints.broken.has(hub);
      response.writeHead(isHealthy ? 200 : 503, { "content-type": "application/json" });
      response.end(JSON.stringify({}));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return endpoints;
  }

  urlOf(hub: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${hub}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
