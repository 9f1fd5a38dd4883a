import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const servers: Server[] = [];

/** A stand-in for an API server: it has the namespace kube-system, or refuses to show it. @returns its kubeconfig */
export async function clusterWith(uid: string | undefined): Promise<string> {
  const server = createServer((request, reply) => {
    const isNamespace = request.url === "/api/v1/namespaces/kube-system";
    reply.writeHead(isNamespace && uid === undefined ? 403 : 200, { "Content-Type": "application/json" });
    const kinds = { resources: [{ name: "namespaces", kind: "Namespace", namespaced: false }] };
    reply.end(JSON.stringify(isNamespace ? { metadata: { name: "kube-system", uid } } : kinds));
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return JSON.stringify({
    clusters: [{ name: "c", cluster: { server: address, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: {} }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    "current-context": "c",
  });
}

/** Stops all of them. */
export function stopClusters(): void {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
}
