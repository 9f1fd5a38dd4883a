import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { WebSocketServer } from "ws";
import { packagesByDigest } from "../registry/packages.ts";
import { StandInKernel } from "./stand-in-kernel.ts";

/**
 * A stand-in for an Enterprise Gateway, for trying and testing: the REST calls and the websocket
 * that a deployment uses, over the same folder of kernelspecs. Its kernels are plain interpreters;
 * of a spec's `argv` it only looks whether the program is there, and it starts no container. Of an image's packages
 * they know the versions, and have none.
 */
interface Kernelspec {
  readonly name: string;
  readonly spec: { argv?: string[]; env?: Record<string, string>; metadata?: Record<string, unknown> };
  readonly resources: Record<string, string>;
}

const FOLDER = join(process.env["GATEWAY_FOLDER"] ?? ".", "kernels");
/** Names that are listed, as a real gateway's allow-list has it: others are found by their names all the same. */
const ALLOWED = JSON.parse(process.env["GATEWAY_ALLOWED"] ?? "null") as readonly string[] | null;
const TOKEN = process.env["GATEWAY_TOKEN"] ?? "";
const kernels = new Map<string, { name: string; kernel: StandInKernel }>();

const server = createServer((request, response) => {
  serve(request, response).catch((error: unknown) => answer(response, 500, { reason: String(error) }));
});
const sockets = new WebSocketServer({ noServer: true });
server.on("upgrade", (request, socket, head) => {
  const id = /^\/api\/kernels\/([^/]+)\/channels$/.exec(pathOf(request))?.[1];
  const running = id === undefined ? undefined : kernels.get(id);
  if (!allowed(request) || !running) {
    socket.end(`HTTP/1.1 ${allowed(request) ? "404 Not Found" : "401 Unauthorized"}\r\n\r\n`);
    return;
  }
  sockets.handleUpgrade(request, socket, head, (client) => running.kernel.serve(client));
});
server.listen(Number(process.env["GATEWAY_PORT"] ?? 0), "127.0.0.1");
process.stdin.on("end", stop).resume();
process.on("SIGTERM", stop);

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!allowed(request)) return answer(response, 401, { reason: "Unauthorized" });
  const [, api, collection, name] = pathOf(request).split("/").map(decodeURIComponent);
  if (api !== "api") return answer(response, 404, { reason: "Not Found" });
  if (collection === undefined) return answer(response, 200, { version: "stand-in" });
  if (collection === "kernelspecs") return serveSpecs(name, response);
  if (collection === "kernels") return serveKernels(request, response, name);
  answer(response, 404, { reason: "Not Found" });
}

function serveSpecs(name: string | undefined, response: ServerResponse): void {
  const known = specs();
  const spec = name === undefined ? undefined : known[name.toLowerCase()];
  if (name === undefined) answer(response, 200, { default: "python3", kernelspecs: listed(known) });
  else if (spec) answer(response, 200, spec);
  else answer(response, 404, { reason: "Not Found", message: `Kernel spec ${name} not found` });
}

function listed(known: Record<string, Kernelspec>): Record<string, Kernelspec> {
  return Object.fromEntries(Object.entries(known).filter(([name]) => ALLOWED?.includes(name) ?? true));
}

async function serveKernels(request: IncomingMessage, response: ServerResponse, id?: string): Promise<void> {
  if (request.method === "POST" && id === undefined) return startKernel(await text(request), response);
  if (request.method === "GET" && id === undefined) {
    if (process.env["GATEWAY_LIST_KERNELS"] !== "true") return answer(response, 403, { reason: "Forbidden" });
    return answer(
      response,
      200,
      [...kernels].map(([key, { name }]) => ({ id: key, name })),
    );
  }
  const running = id === undefined ? undefined : kernels.get(id);
  if (!running || id === undefined) return answer(response, 404, { reason: "Not Found" });
  if (request.method !== "DELETE") return answer(response, 200, { id, name: running.name });
  kernels.delete(id);
  running.kernel.end();
  response.writeHead(204).end();
}

async function startKernel(body: string, response: ServerResponse): Promise<void> {
  const { name, env = {} } = JSON.parse(body) as { name: string; env?: Record<string, string> };
  const spec = specs()[name.toLowerCase()];
  if (!spec) {
    answer(response, 500, { reason: `No such kernel named ${name}` });
    return;
  }
  const refusal = refusalOf(spec, env["KERNEL_USERNAME"]);
  if (refusal) return void answer(response, refusal.status, { reason: refusal.reason });
  const sent = Object.entries(env).filter(([key]) => key.startsWith("KERNEL_"));
  const id = env["KERNEL_ID"] ?? randomUUID();
  const own: Record<string, string> = {
    ...imageEnv(spec),
    ...spec.spec.env,
    ...Object.fromEntries(sent),
  };
  const [, digest = ""] = (own["KERNEL_IMAGE"] ?? "").split("@");
  const packages = (await packagesByDigest()).get(digest) ?? {};
  const kernel = new StandInKernel({ ...own, STAND_IN_PACKAGES: JSON.stringify(packages) });
  kernels.set(id, { name, kernel });
  answer(response, 201, { id, name });
}

interface ProxyConfig {
  readonly image_name?: string;
  readonly authorized_users?: string;
}

const proxyConfig = ({ spec }: Kernelspec): ProxyConfig =>
  (spec.metadata?.["process_proxy"] as { config?: ProxyConfig } | undefined)?.config ?? {};

/** A real gateway starts no kernel for a user that its spec does not name, nor one without a program. */
function refusalOf(spec: Kernelspec, user = ""): { status: number; reason: string } | undefined {
  const users = proxyConfig(spec).authorized_users;
  if (users && !users.split(",").includes(user)) return { status: 403, reason: `${user} is not authorized` };
  const [program = ""] = spec.spec.argv ?? [];
  const isMissing = program === "" || (program.startsWith("/") && !existsSync(program));
  return isMissing ? { status: 500, reason: `No such file or directory: '${program}'` } : undefined;
}

/** A gateway's container launchers get the image so. */
function imageEnv(spec: Kernelspec): Record<string, string> {
  const { image_name: image } = proxyConfig(spec);
  return image === undefined ? {} : { KERNEL_IMAGE: image };
}

/** Read again for each request, as a gateway without a cache does. */
function specs(): Record<string, Kernelspec> {
  const found: Record<string, Kernelspec> = {};
  for (const folder of readdirSync(FOLDER)) {
    const name = folder.toLowerCase();
    try {
      const spec = JSON.parse(readFileSync(join(FOLDER, folder, "kernel.json"), "utf8"));
      found[name] = {
        name,
        spec: { interrupt_mode: "signal", env: {}, metadata: {}, ...spec },
        resources: {},
      };
    } catch {
      // No kernelspec, as a real gateway sees it.
    }
  }
  return found;
}

function allowed(request: IncomingMessage): boolean {
  return TOKEN === "" || request.headers.authorization === `token ${TOKEN}`;
}

function pathOf(request: IncomingMessage): string {
  return new URL(request.url ?? "/", "http://gateway").pathname.replace(/\/$/, "");
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function stop(): void {
  for (const { kernel } of kernels.values()) kernel.end();
  process.exit(0);
}
