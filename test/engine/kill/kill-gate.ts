import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** Something that the engine has done, `POST /articles`, `host rename`, or is about to do, `before POST …`. */
export interface KillPoint {
  readonly kind: string;
  /** 1 for the first of its kind. */
  readonly number: number;
}

type OnPoint = (point: KillPoint) => "pass" | "killed";

/** A service that the engine calls through the gate. */
interface Upstream {
  /** Begins the kinds of its calls. */
  readonly label: string;
  readonly url: URL;
}

/** A proxy between the engine and what it changes: it reports each call and host step when it is done. */
export class KillGate {
  readonly #servers: Server[] = [];
  // A connection that is kept would be broken by a service's next start.
  readonly #agent = new Agent({ keepAlive: false });
  #points: KillPoint[] = [];
  #onPoint: OnPoint = () => "pass";

  /** The points since `watch` was called. */
  get points(): readonly KillPoint[] {
    return this.#points;
  }

  /** From now on, `onPoint` is called when something is done; where it kills the engine, no reply goes out. */
  watch(onPoint: OnPoint): void {
    this.#points = [];
    this.#onPoint = onPoint;
  }

  /**
   * Opens a door before a service.
   * @param url where calls go on to: a fixed address, though the service may be started again
   * @returns where the engine finds the service
   */
  async serve(url: string, label = ""): Promise<string> {
    const upstream = { label: label === "" ? "" : `${label} `, url: new URL(url) };
    const server = createServer((incoming, outgoing) => this.#call(upstream, incoming, outgoing));
    server.on("upgrade", (incoming, socket) => this.#connect(upstream, incoming, socket));
    const origin = await this.#listen(server);
    return `${origin}${upstream.url.pathname.replace(/\/$/, "")}`;
  }

  /** Opens the door for what the engine does on a gateway's host. @returns its address */
  serveHostSteps(): Promise<string> {
    const server = createServer((incoming, outgoing) => {
      const step = decodeURIComponent(incoming.url?.slice(1) ?? "");
      if (this.#reach(`host ${step}`) === "killed") outgoing.destroy();
      else outgoing.writeHead(204).end();
    });
    return this.#listen(server);
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  }

  async #listen(server: Server): Promise<string> {
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  #reach(kind: string): "pass" | "killed" {
    const point = { kind, number: this.#points.filter((before) => before.kind === kind).length + 1 };
    this.#points.push(point);
    return this.#onPoint(point);
  }

  #call({ label, url }: Upstream, incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = "GET", url: path = "/", headers } = incoming;
    const call = `${label}${method} ${kindOf(path, url.pathname)}`;
    if (!/^(GET|HEAD)$/.test(method) && this.#reach(`before ${call}`) === "killed") {
      return void outgoing.destroy();
    }
    const upstream = request(
      { agent: this.#agent, host: url.hostname, port: url.port, method, path, headers },
      (reply) => {
        if (this.#reach(call) === "killed") return void outgoing.destroy();
        outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(outgoing);
      },
    );
    upstream.on("error", () => outgoing.destroy());
    incoming.pipe(upstream);
  }

  /** A websocket to a kernel; the point is the reply to what it was to execute. */
  #connect({ label, url }: Upstream, incoming: IncomingMessage, socket: Duplex): void {
    const upstream = request({
      host: url.hostname,
      port: url.port,
      path: incoming.url,
      headers: incoming.headers,
    });
    upstream.on("upgrade", (reply, other) => {
      const headers = Object.entries(reply.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers.join("")}\r\n`);
      other.on("data", (data: Buffer) => {
        const executed = data.includes("execute_reply");
        if (executed && this.#reach(`${label}execute`) === "killed") socket.destroy();
        else socket.write(data);
      });
      socket.pipe(other);
      for (const [one, another] of [
        [socket, other],
        [other, socket],
      ] as const) {
        one.on("error", () => another.destroy());
        one.on("close", () => another.destroy());
      }
    });
    upstream.on("error", () => socket.destroy());
    upstream.end();
  }
}

/** A call's path without what differs from run to run. */
function kindOf(path: string, base: string): string {
  return path
    .slice(base.replace(/\/$/, "").length)
    .replace(/\?.*$/, "")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, "<id>")
    .replace(/sha256:[0-9a-f]{64}/, "<digest>")
    .replace(/[\w-]+-[0-9a-f]{8}\b/, "<id>");
}
