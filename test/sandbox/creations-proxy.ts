import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What happens to the creation of an article: `lose` only its reply, `reset` before it arrives. */
export type Fate = "pass" | "lose" | "reset" | "refuse" | "kill";

/** Sits between the sandbox and its API, and decides what happens to each creation of an article. */
export interface CreationsProxy {
  /** The API's address, through the proxy. */
  readonly url: string;
  stop(): Promise<void>;
}

const REFUSAL = JSON.stringify({ success: false, error: { code: "INVALID_ARTICLE", message: "refused" } });

/** @param fateOf is asked with the article's title once per creation; `kill` has killed the caller by itself */
export async function startCreationsProxy(
  apiUrl: string,
  fateOf: (title: string) => Fate,
): Promise<CreationsProxy> {
  const target = new URL(apiUrl);
  const forward = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = "GET", url: path = "/", headers } = incoming;
    const body = await text(incoming);
    const isCreation = method === "POST" && path.endsWith("/ingest");
    const fate = isCreation ? fateOf(JSON.parse(body).data.courseName) : "pass";
    if (fate === "reset") return void outgoing.destroy();
    if (fate === "refuse") {
      outgoing.writeHead(400, { "content-type": "application/json" });
      return void outgoing.end(REFUSAL);
    }
    const upstream = request({ host: target.hostname, port: target.port, method, path, headers }, (reply) => {
      if (fate !== "pass") {
        reply.resume();
        return void outgoing.destroy();
      }
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      return void reply.pipe(outgoing);
    });
    upstream.on("error", () => outgoing.destroy());
    upstream.end(body);
  };
  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${target.pathname}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
