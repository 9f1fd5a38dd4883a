import { createHash } from "node:crypto";
import { type Digest, digestOf } from "../../digest.ts";
import { hostOf, pathOf, type Repository } from "../reference.ts";
import { digestMismatch, refusal } from "./registry-errors.ts";
import type { RegistryHttp } from "./registry-http.ts";

/** How a blob came to be in a repository. */
export type BlobTransfer = "present" | "mounted" | "copied";

/** Whether the repository has a blob. @throws {LecternError} */
export async function blobExists(
  http: RegistryHttp,
  repository: Repository,
  digest: Digest,
): Promise<boolean> {
  const response = await http.send({ method: "HEAD", repository, target: `blobs/${digest}` });
  if (response.status === 404) return false;
  if (!response.ok) throw await refusal(repository, `look up ${repository}@${digest}`, response);
  return true;
}

/** Makes a blob of one repository known in another; see {@link RegistryClient.mountOrCopyBlob}. */
export async function mountOrCopyBlob(
  http: RegistryHttp,
  from: Repository,
  to: Repository,
  digest: Digest,
): Promise<BlobTransfer> {
  if (await blobExists(http, to, digest)) return "present";
  const opened = await openUpload(http, from, to, digest);
  if (opened === "mounted") return "mounted";
  await stream(http, from, to, digest, opened);
  return "copied";
}

/** Puts a small blob into a repository, where it is not there already. @returns its digest @throws {LecternError} */
export async function putBlob(
  http: RegistryHttp,
  repository: Repository,
  bytes: Uint8Array,
): Promise<Digest> {
  const digest = digestOf(bytes);
  if (await blobExists(http, repository, digest)) return digest;
  const opened = await http.send({
    method: "POST",
    repository,
    target: "blobs/uploads/",
    writes: true,
    idempotent: true,
  });
  const upload = await locationOf(opened, repository, digest, new URL(http.baseOf(repository)));
  await close(http, repository, digest, upload, bytes);
  return digest;
}

/** Opens an upload, and within one registry asks for a mount, which needs none. */
async function openUpload(
  http: RegistryHttp,
  from: Repository,
  to: Repository,
  digest: Digest,
): Promise<"mounted" | URL> {
  const mount = hostOf(from) === hostOf(to);
  const query = mount ? `?${new URLSearchParams({ mount: digest, from: pathOf(from) })}` : "";
  const response = await http.send({
    method: "POST",
    repository: to,
    target: `blobs/uploads/${query}`,
    writes: true,
    // A second upload that is opened and never used is forgotten by the registry.
    idempotent: true,
    ...(mount ? { from } : {}),
  });
  if (mount && response.status === 201) return "mounted";
  return locationOf(response, to, digest, new URL(http.baseOf(to)));
}

/** The way every registry takes layers from `docker push`: one PATCH that streams, then a PUT. */
async function stream(http: RegistryHttp, from: Repository, to: Repository, digest: Digest, upload: URL) {
  const source = await http.send({
    method: "GET",
    repository: from,
    target: `blobs/${digest}`,
    streams: true,
  });
  if (!source.ok || !source.body) throw await refusal(from, `read ${from}@${digest}`, source);
  const hash = createHash("sha256");
  const hashing = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      hash.update(chunk);
      controller.enqueue(chunk);
    },
  });
  const sent = await http.send({
    method: "PATCH",
    repository: to,
    target: upload,
    writes: true,
    headers: { "content-type": "application/octet-stream" },
    body: source.body.pipeThrough(hashing),
    streams: true,
  });
  const next = await locationOf(sent, to, digest, upload);
  const real = `sha256:${hash.digest("hex")}`;
  if (real !== digest) {
    await http.send({ method: "DELETE", repository: to, target: next, writes: true }).catch(() => undefined);
    throw digestMismatch(`${from}@${digest}`, digest, real);
  }
  await close(http, to, digest, next);
}

/** Ends an upload. @param bytes what has not been sent yet */
async function close(
  http: RegistryHttp,
  repository: Repository,
  digest: Digest,
  upload: URL,
  bytes?: Uint8Array,
): Promise<void> {
  upload.searchParams.set("digest", digest);
  const closed = await http.send({
    method: "PUT",
    repository,
    target: upload,
    writes: true,
    ...(bytes && { headers: { "content-type": "application/octet-stream" }, body: bytes }),
  });
  // A try whose answer was lost may have closed it already: then the blob is there, and that counts.
  if (!closed.ok && !(closed.status === 404 && (await blobExists(http, repository, digest)))) {
    throw await refusal(repository, `write ${repository}@${digest}`, closed);
  }
}

async function locationOf(response: Response, to: Repository, digest: Digest, base: URL): Promise<URL> {
  const location = response.headers.get("location");
  if (response.status !== 202 || location === null)
    throw await refusal(to, `write ${to}@${digest}`, response);
  await response.body?.cancel();
  return new URL(location, base);
}
