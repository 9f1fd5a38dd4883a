import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Something that the engine has done, `POST /articles`, `host rename`, or is about to do, `before POST …`. */
export interface KillPoint {
  readonly kind: string;
  /** 1 for the first of its kind. */
  readonly number: number;
}

/** A proxy between the engine and what it changes, which reports each call and host step when it is done. */
export interface KillGate {
  readonly url: string;
  /** The points since `watch` was called. */
  readonly points: readonly KillPoint[];
  /** From now on, `onPoint` is called when something is done; where it kills the engine, no reply goes out. */
  watch(onPoint: (point: KillPoint) => "pass" | "killed"): void;
  stop(): Promise<void>;
}

/** @param apiUrl the API that calls go on to: a fixed address, though the API may be started again */
export async function openKillGate(apiUrl: string): Promise<KillGate> {
  const target = new URL(apiUrl);
  // A connection that is kept would be broken by the API's next start.
  const agent = new Agent({ keepAlive: false });
  let points: KillPoint[] = [];
  let onPoint: (point: KillPoint) => "pass" | "killed" = () => "pass";
  const reach = (kind: string) => {
    const point = { kind, number: points.filter((before) => before.kind === kind).length + 1 };
    points.push(point);
    return onPoint(point);
  };
  const callApi = (incoming: IncomingMessage, outgoing: ServerResponse): unknown => {
    const { method = "GET", url: path = "/", headers } = incoming;
    const call = `${method} ${kindOf(path, target.pathname)}`;
    if (method !== "GET" && reach(`before ${call}`) === "killed") return outgoing.destroy();
    const upstream = request(
      { agent, host: target.hostname, port: target.port, method, path, headers },
      (reply) => {
        if (reach(call) === "killed") return outgoing.destroy();
        outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
        return reply.pipe(outgoing);
      },
    );
    upstream.on("error", () => outgoing.destroy());
    return incoming.pipe(upstream);
  };
  const server = createServer((incoming, outgoing) => {
    const step = /^\/step\/(.+)$/.exec(incoming.url ?? "")?.[1];
    if (step === undefined) return callApi(incoming, outgoing);
    if (reach(`host ${decodeURIComponent(step)}`) === "killed") return outgoing.destroy();
    return outgoing.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get points() {
      return points;
    },
    watch: (listener) => {
      points = [];
      onPoint = listener;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A call's path without what differs from run to run. */
function kindOf(path: string, base: string): string {
  return path
    .slice(base.length)
    .replace(/\?.*$/, "")
    .replace(/[\w-]+-[0-9a-f]{8}\b/, "<id>");
}
