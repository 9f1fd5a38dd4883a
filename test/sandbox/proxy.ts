import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** What a proxied call is, and what happens to it. */
export interface ProxiedCall {
  readonly method: string;
  readonly path: string;
  /** 1 for the first call since the proxy started. */
  readonly number: number;
}

/** Sits between the sandbox and its API, so that a test can act at a chosen call. */
export interface Proxy {
  /** The API's address, through the proxy. */
  readonly url: string;
  readonly calls: readonly ProxiedCall[];
  stop(): Promise<void>;
}

/**
 * @param onReply called when the API has done a call's work, before its reply goes on; the reply is
 * dropped where it says so
 */
export async function startProxy(
  apiUrl: string,
  onReply: (call: ProxiedCall) => "pass" | "drop",
): Promise<Proxy> {
  const target = new URL(apiUrl);
  const calls: ProxiedCall[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = "GET", url: path = "/", headers } = incoming;
    const call = { method, path, number: calls.length + 1 };
    calls.push(call);
    const upstream = request({ host: target.hostname, port: target.port, method, path, headers }, (reply) => {
      if (onReply(call) === "drop") return outgoing.destroy();
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      return reply.pipe(outgoing);
    });
    upstream.on("error", () => outgoing.destroy());
    incoming.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${target.pathname}`,
    calls,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
