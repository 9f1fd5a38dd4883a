import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import type { Cluster } from "../cluster/cluster.ts";

/** What is used of the AdmissionReview that the API server sends. */
interface Review {
  readonly request: { readonly uid: string; readonly object: { readonly data?: object } };
}

/** A mutating webhook, and how the API server reaches it. */
export interface Webhook {
  readonly clientConfig: { readonly url: string; readonly caBundle: string };
  stop(): Promise<void>;
}

/**
 * Starts a webhook that sets keys of each ConfigMap that it is asked about. It has the API server's own certificate,
 * which is for loopback.
 */
export async function startWebhook({ certificates }: Cluster, data: object): Promise<Webhook> {
  const read = (name: string) => readFileSync(join(certificates, name));
  const [cert, key] = [read("apiserver.crt"), read("apiserver.key")];
  const server = createServer({ cert, key }, async (incoming, outgoing) => {
    const { request } = (await json(incoming)) as Review;
    const patch = [{ op: "add", path: "/data", value: { ...request.object.data, ...data } }];
    const response = {
      uid: request.uid,
      allowed: true,
      patchType: "JSONPatch",
      patch: Buffer.from(JSON.stringify(patch)).toString("base64"),
    };
    outgoing.setHeader("Content-Type", "application/json");
    outgoing.end(JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    clientConfig: {
      url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      caBundle: cert.toString("base64"),
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
