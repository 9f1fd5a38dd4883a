import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { readBody, sendJson } from "../server.ts";
import type { FaultKind } from "./faults.ts";
import { digestOf, type RegistryStore } from "./store.ts";

/** One request, taken apart. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly repository: string;
  /** What comes after `/manifests/`, `/blobs/` or `/blobs/uploads/`. */
  readonly rest: string;
  readonly faults: ReadonlySet<FaultKind>;
}

type Route = (store: RegistryStore, exchange: Exchange) => Promise<void>;

const NAME = "[a-z0-9._-]+(?:/[a-z0-9._-]+)*";
const ROUTES: readonly (readonly [RegExp, Readonly<Record<string, Route>>])[] = [
  [new RegExp(`^/v2/(${NAME})/tags/list$`), { GET: listTags }],
  [
    new RegExp(`^/v2/(${NAME})/manifests/([^/]+)$`),
    { GET: getManifest, HEAD: getManifest, PUT: putManifest },
  ],
  [
    new RegExp(`^/v2/(${NAME})/blobs/uploads/([^/]*)$`),
    { POST: openUpload, PATCH: patchUpload, PUT: closeUpload, DELETE: dropUpload },
  ],
  [new RegExp(`^/v2/(${NAME})/referrers/([^/]+)$`), { GET: listReferrers }],
  [new RegExp(`^/v2/(${NAME})/blobs/([^/]+)$`), { GET: getBlob, HEAD: getBlob }],
];

/** The repository and the route of a request, undefined where there is none. */
export function findRoute(
  method: string,
  path: string,
): { repository: string; rest: string; route?: Route } | undefined {
  for (const [pattern, methods] of ROUTES) {
    const [matched, repository = "", rest = ""] = pattern.exec(path) ?? [];
    if (matched === undefined) continue;
    const route = methods[method];
    return { repository, rest, ...(route ? { route } : {}) };
  }
  return undefined;
}

/** An error in the form that the distribution specification has. */
export function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { errors: [{ code, message }] });
}

async function listTags(store: RegistryStore, { response, url, repository }: Exchange): Promise<void> {
  const tags = store.tags(repository);
  if (!tags) return refuse(response, 404, "NAME_UNKNOWN", "repository name not known to registry");
  const count = Math.min(Number(url.searchParams.get("n") ?? 1000) || 1000, 1000);
  const last = url.searchParams.get("last");
  const rest = last === null ? tags : tags.filter((tag) => tag > last);
  const page = rest.slice(0, count);
  const query = new URLSearchParams({ n: String(count), last: page.at(-1) ?? "" });
  const link =
    rest.length > count ? { link: `</v2/${repository}/tags/list?${query}>; rel="next"` } : undefined;
  sendJson(response, 200, { name: repository, tags: page }, link);
}

/** The manifests whose `subject` is the one that is asked about. */
async function listReferrers(store: RegistryStore, { response, repository, rest }: Exchange): Promise<void> {
  const manifests = [];
  for (const [digest, mediaType] of Object.entries(store.manifests(repository))) {
    const bytes = await store.read(digest);
    const { subject, artifactType, annotations } = JSON.parse(bytes.toString("utf8")) as Subjected;
    if (subject?.digest === rest)
      manifests.push({ mediaType, digest, size: bytes.length, artifactType, annotations });
  }
  const mediaType = "application/vnd.oci.image.index.v1+json";
  response.writeHead(200, { "content-type": mediaType });
  response.end(JSON.stringify({ schemaVersion: 2, mediaType, manifests }));
}

interface Subjected {
  readonly subject?: { readonly digest: string };
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

async function getManifest(store: RegistryStore, exchange: Exchange): Promise<void> {
  const { request, response, repository, rest, faults } = exchange;
  const found = store.find(repository, rest);
  if (!found) return refuse(response, 404, "MANIFEST_UNKNOWN", "manifest unknown");
  const bytes = await store.read(found.digest);
  const said = faults.has("wrong-digest-header") ? digestOf(Buffer.from("another")) : found.digest;
  const body = faults.has("wrong-bytes") ? Buffer.concat([bytes, Buffer.from("\n")]) : bytes;
  response.writeHead(200, {
    "content-type": found.mediaType,
    "content-length": body.length,
    "docker-content-digest": said,
    etag: `"${said}"`,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

async function putManifest(store: RegistryStore, exchange: Exchange): Promise<void> {
  const { request, response, repository, rest } = exchange;
  const bytes = await readBody(request);
  const mediaType = request.headers["content-type"] ?? "";
  if (rest.includes(":") && rest !== digestOf(bytes)) {
    return refuse(response, 400, "DIGEST_INVALID", "provided digest did not match uploaded content");
  }
  const missing = missingPart(store, repository, bytes);
  if (missing !== undefined)
    return refuse(response, 400, "MANIFEST_BLOB_UNKNOWN", `blob unknown to registry: ${missing}`);
  const kept = exchange.faults.has("rewritten")
    ? Buffer.from(JSON.stringify(JSON.parse(String(bytes))))
    : bytes;
  const digest = await store.putManifest(repository, rest, kept, mediaType);
  response.writeHead(201, {
    location: `/v2/${repository}/manifests/${digest}`,
    "docker-content-digest": digest,
  });
  response.end();
}

/** What a manifest refers to and the repository does not have; `manifest` where it is none. */
function missingPart(store: RegistryStore, repository: string, bytes: Buffer): string | undefined {
  interface Part {
    digest: string;
    urls?: string[];
  }
  let manifest: { manifests?: Part[]; config?: Part; layers?: Part[] };
  try {
    manifest = JSON.parse(bytes.toString("utf8")) as typeof manifest; // what it lacks, the next lines find
  } catch {
    return "manifest";
  }
  const blobs = [manifest.config, ...(manifest.layers ?? [])].filter((part) => part && !part.urls);
  return (
    blobs.find((part) => part && !store.hasBlob(repository, part.digest))?.digest ??
    manifest.manifests?.find(({ digest }) => !store.find(repository, digest))?.digest
  );
}

async function getBlob(store: RegistryStore, exchange: Exchange): Promise<void> {
  const { request, response, repository, rest, faults } = exchange;
  if (!store.hasBlob(repository, rest))
    return refuse(response, 404, "BLOB_UNKNOWN", "blob unknown to registry");
  const size = await store.size(rest);
  const headers = {
    "content-type": "application/octet-stream",
    "docker-content-digest": rest,
    "content-length": size,
  };
  response.writeHead(200, headers);
  if (request.method === "HEAD") return void response.end();
  if (faults.has("wrong-bytes")) return void response.end(Buffer.alloc(size, "x"));
  await pipeline(createReadStream(store.contentPath(rest)), response);
}

async function openUpload(store: RegistryStore, exchange: Exchange): Promise<void> {
  const { response, url, repository } = exchange;
  const mount = url.searchParams.get("mount");
  const from = url.searchParams.get("from");
  if (mount !== null && from !== null && store.hasBlob(from, mount)) {
    store.link(repository, mount);
    response.writeHead(201, { location: `/v2/${repository}/blobs/${mount}`, "docker-content-digest": mount });
    return void response.end();
  }
  accepted(exchange, await store.openUpload(), 0);
}

async function patchUpload(store: RegistryStore, exchange: Exchange): Promise<void> {
  const size = await store.append(exchange.rest, exchange.request as AsyncIterable<Buffer>);
  if (size === undefined)
    return refuse(exchange.response, 404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
  accepted(exchange, exchange.rest, size);
}

async function closeUpload(store: RegistryStore, exchange: Exchange): Promise<void> {
  const { request, response, url, repository, rest } = exchange;
  const size = await store.append(rest, request as AsyncIterable<Buffer>);
  if (size === undefined)
    return refuse(response, 404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
  const expected = url.searchParams.get("digest") ?? "";
  const digest = await store.closeUpload(repository, rest, expected);
  if (digest !== expected)
    return refuse(response, 400, "DIGEST_INVALID", "provided digest did not match uploaded content");
  response.writeHead(201, { location: `/v2/${repository}/blobs/${digest}`, "docker-content-digest": digest });
  response.end();
}

async function dropUpload(store: RegistryStore, { response, rest }: Exchange): Promise<void> {
  await store.dropUpload(rest);
  response.writeHead(204).end();
}

function accepted({ response, repository }: Exchange, id: string, size: number): void {
  const headers = {
    location: `/v2/${repository}/blobs/uploads/${id}?_state=stand-in`,
    range: `0-${Math.max(size - 1, 0)}`,
  };
  response.writeHead(202, headers).end();
}
