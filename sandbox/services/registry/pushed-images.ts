import { digestOf, type ImageStore } from "./store.ts";

/** Puts images into a registry of another process, by its protocol. */
export function pushedImages(url: string): ImageStore {
  const manifests = new Map<string, { bytes: Buffer; mediaType: string }>();
  const put = async (path: string, mediaType: string, bytes: Buffer) => {
    const at = new URL(path, url);
    const headers = { "content-type": mediaType };
    const response = await fetch(at, { method: "PUT", headers, body: new Uint8Array(bytes) });
    if (!response.ok) throw new Error(`PUT ${at}: ${response.status} ${await response.text()}`);
  };
  return {
    async putBlob(repository, bytes) {
      const opened = await fetch(new URL(`/v2/${repository}/blobs/uploads/`, url), { method: "POST" });
      const location = new URL(opened.headers.get("location") ?? "", url);
      const digest = digestOf(bytes);
      location.searchParams.set("digest", digest);
      await put(location.href, "application/octet-stream", bytes);
      return digest;
    },
    async putManifest(repository, reference, bytes, mediaType) {
      await put(`/v2/${repository}/manifests/${reference}`, mediaType, bytes);
      const digest = digestOf(bytes);
      manifests.set(digest, { bytes, mediaType });
      return digest;
    },
    async tag(repository, tags) {
      for (const [tag, digest] of Object.entries(tags)) {
        const known = manifests.get(digest);
        if (!known) throw new Error(`${digest} was not put here`);
        await put(`/v2/${repository}/manifests/${tag}`, known.mediaType, known.bytes);
      }
    },
  };
}
