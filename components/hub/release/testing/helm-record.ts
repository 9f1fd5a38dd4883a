import { gzipSync } from "node:zlib";
import type { KubernetesObject } from "../api/kubernetes-object.ts";

/** Helm's record of the first revision of the release `hub` in the namespace `campus`, with these objects. */
export const helmRecord = (...manifest: readonly KubernetesObject[]): KubernetesObject =>
  recordSecret({
    name: "hub",
    version: 1,
    namespace: "campus",
    manifest: manifest.map((one) => `---\n${JSON.stringify(one)}\n`).join(""),
    info: { status: "deployed" },
    chart: { metadata: { name: "hub", version: "1.0.0" } },
  });

/** A revision of a release, as Helm stores it. */
interface Stored {
  readonly name: string;
  readonly version: number;
  readonly info: { readonly status: string };
  readonly [field: string]: unknown;
}

/** The Secret in which Helm stores a revision. @param compress not in early versions of Helm */
export function recordSecret(stored: Stored, compress = true): KubernetesObject {
  const { name, version, info } = stored;
  const text = JSON.stringify(stored);
  const inner = (compress ? gzipSync(text) : Buffer.from(text)).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: `sh.helm.release.v1.${name}.v${version}`,
      labels: { owner: "helm", name, version: String(version), status: info.status },
    },
    data: { release: Buffer.from(inner).toString("base64") },
  };
}
