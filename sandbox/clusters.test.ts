import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connect } from "./services.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lectern-clusters-"));
  await mkdir(join(folder, "clusters/campus"), { recursive: true });
  await writeFile(kubeconfig(), KUBECONFIG);
});
afterEach(() => rm(folder, { recursive: true }));

const KUBECONFIG = JSON.stringify({
  clusters: [{ name: "kind", cluster: { server: "https://127.0.0.1:6443" } }],
  users: [{ name: "me", user: { token: "secret" } }],
  contexts: [
    { name: "kind-test", context: { cluster: "kind", user: "me" } },
    { name: "campus", context: { cluster: "of the campus", user: "me" } },
  ],
  "current-context": "kind-test",
});
const connected = (options: Partial<Parameters<typeof connect>[2]> = {}) =>
  connect(folder, folder, { stack: "sandbox", ...options }, async () => []);
const kubeconfig = () => join(folder, "kubeconfig");

it("asks no cluster of the catalog anything, and waits for none of its nodes", async () => {
  const { config, descriptions } = await connected();
  expect(JSON.parse(config["lectern:clusters"] ?? "")).toEqual({ campus: { patience: 0, contact: false } });
  expect(config).not.toHaveProperty("lectern:kubeconfigs");
  expect(descriptions).toContainEqual(expect.stringContaining("manifests are rendered"));
});

it("lets the cluster of a kubeconfig stand for each of the catalog's, as a secret", async () => {
  const { config, secretKeys } = await connected({ kubeconfig: kubeconfig(), engine: "pulumi" });
  expect(JSON.parse(config["lectern:clusters"] ?? "")).toEqual({ campus: { patience: 0, domains: false } });
  expect(JSON.parse(config["lectern:kubeconfigs"] ?? "")).toEqual({ campus: KUBECONFIG });
  expect(secretKeys).toContain("lectern:kubeconfigs");
});

it("calls the context of the kubeconfig as cluster.yaml does, whatever else has that name", async () => {
  await writeFile(join(folder, "clusters/campus/cluster.yaml"), "provider: {context: campus}\n");
  const { config } = await connected({ kubeconfig: kubeconfig(), engine: "pulumi" });
  const { campus } = JSON.parse(config["lectern:kubeconfigs"] ?? "");
  expect(JSON.parse(campus)).toMatchObject({
    clusters: [{ cluster: { server: "https://127.0.0.1:6443" } }],
    contexts: [{ name: "campus", context: { cluster: "kind", user: "me" } }],
    "current-context": "campus",
  });
});

it("refuses a kubeconfig for its own engine, and one that is not there", async () => {
  await expect(connected({ kubeconfig: kubeconfig() })).rejects.toThrow("Add --engine pulumi");
  await expect(connected({ kubeconfig: join(folder, "none"), engine: "pulumi" })).rejects.toThrow(
    /--kubeconfig: the file .*none can't be read/,
  );
  await writeFile(kubeconfig(), "the text");
  await expect(connected({ kubeconfig: kubeconfig(), engine: "pulumi" })).rejects.toThrow(
    /--kubeconfig: the file .*kubeconfig is no kubeconfig with a current context/,
  );
});
