import { createServer } from "node:http";
import { KubeConfig } from "@kubernetes/client-node";
import { expect, it, onTestFinished } from "vitest";
import { proofCluster } from "./job-cluster.ts";
import { networkPolicy } from "./job-objects.ts";

/** What the API answers to every request. */
async function answering(code: number, status: object) {
  const server = createServer((_, response) => {
    response.writeHead(code, { "content-type": "application/json" });
    response.end(JSON.stringify({ kind: "Status", code, ...status }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "test", server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: "test" },
  );
  return proofCluster(config, "campus", "staging");
}

const POLICY = networkPolicy({ name: "lectern-proof-1", uid: "uid" }, true);

it.each([
  [
    403,
    { message: "jobs is forbidden" },
    "the cluster campus does not let this account create NetworkPolicies in the namespace staging (403: jobs is forbidden). Give it the roles that `lectern cluster rbac` prints",
  ],
  [
    401,
    { message: "Unauthorized" },
    "the cluster campus does not let this account create NetworkPolicies in the namespace staging (401). Check the credentials of its kubeconfig",
  ],
  [
    422,
    { message: "spec is invalid" },
    "the cluster campus refuses to create NetworkPolicies in the namespace staging (422: spec is invalid). Correct what it names, and deploy again",
  ],
  [
    404,
    { message: 'namespaces "staging" not found', details: { kind: "namespaces", name: "staging" } },
    "the cluster campus does not have the namespace staging yet, in which notebooks are run. Deploy its hub first with lectern:prove set to off or warn, or create the namespace",
  ],
])("says why the cluster refuses something, and what to do: %i", async (code, status, message) => {
  const cluster = await answering(code, status);
  const refusal = await cluster.createNetworkPolicy(POLICY).catch((error: Error) => error.message);
  expect(refusal).toContain(message);
});

it("takes what is there already as it is", async () => {
  const cluster = await answering(409, { message: "already exists" });
  await cluster.createNetworkPolicy(POLICY);
  await cluster.deleteJob({ name: "lectern-proof-1", uid: "another" });
});
