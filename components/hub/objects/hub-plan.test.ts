import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hubChangesSchema } from "./hub-changes.ts";
import { type HubPlanOptions, hubPlan, type PlannedHub } from "./hub-plan.ts";
import { manifestsIn } from "./manifests.ts";
import { chartPackages } from "./render/chart-packages.ts";

const hub = (level: string, random = "aa") => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: hub}
spec:
  template:
    metadata: {annotations: {checksum/secret: "${random}"}}
    spec: {containers: [{name: hub, image: a:1, env: [{name: LEVEL, value: ${level}}]}]}
---
apiVersion: v1
kind: Secret
metadata: {name: hub}
stringData: {token: ${random}}
`;
/** Prints the first manifest, and at each further call another one of `r0`, `r1`, …. */
const STAND_IN = `#!/bin/sh
here=$(dirname "$0")
cat >/dev/null
count=$(cat "$here/count" 2>/dev/null || echo 0)
echo $((count + 1)) >"$here/count"
sed "s/RANDOM/r$count/g" "$here/release.json"
`;
const PLANNED: PlannedHub = {
  hub: "campus/staging",
  chart: { folder: "charts/hub" },
  release: "hub",
  namespace: "staging",
  values: { level: "DEBUG" },
  secrets: [],
};

describe("a hub's plan", () => {
  let folder: string;
  let options: HubPlanOptions;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lectern-test-"));
    const helm = join(folder, "helm");
    await writeFile(helm, STAND_IN);
    await chmod(helm, 0o755);
    const deployed = { objects: manifestsIn(hub("INFO")), hooks: [], values: { level: "INFO" } };
    const cluster = { kubeconfig: "text" };
    options = {
      deployed,
      cluster,
      charts: chartPackages(helm),
      helm,
      fetch: () => Promise.reject(new Error("none")),
    };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const renders = async (manifest: string) => {
    await rm(join(folder, "count"), { force: true });
    await writeFile(join(folder, "release.json"), JSON.stringify({ manifest }));
  };
  const renderings = async () => Number(await readFile(join(folder, "count"), "utf8"));

  it("is nothing for an unchanged hub, which is rendered once", async () => {
    await renders(hub("INFO"));
    expect(await hubPlan({ ...PLANNED, values: { level: "INFO" } }, options)).toBeUndefined();
    expect(await renderings()).toBe(1);
  });

  it("has objects, values and what users notice", async () => {
    await renders(hub("DEBUG"));
    const plan = await hubPlan(PLANNED, options);
    expect(plan).toMatchObject({
      hub: "campus/staging",
      objects: [{ kind: "Deployment", name: "hub", fields: [{ text: "env LEVEL INFO → DEBUG" }] }],
      values: [{ path: "level", before: "INFO", after: "DEBUG" }],
      effects: [{ kind: "hub-restart" }, { kind: "servers", text: "running servers go on" }],
    });
    expect(hubChangesSchema.parse(plan)).toEqual(plan);
  });

  it("takes a hub's own time limit, in seconds, for none of the rendering's", async () => {
    await renders(hub("DEBUG"));
    const declared = { ...PLANNED, timeout: 1 };
    expect(await hubPlan(declared, options)).not.toHaveProperty("notCompared");
  });

  it("counts the servers where the hub's API answers", async () => {
    await renders(hub("DEBUG"));
    const fetch = async () => Response.json([{ servers: { "": {} } }]);
    const api = { url: "https://hub.example.org", token: "canary" };
    const plan = await hubPlan(PLANNED, { ...options, api, fetch });
    expect(plan?.effects).toContainEqual({ kind: "servers", text: "1 running server goes on" });
  });

  it("is nothing where only what the chart generates at every rendering differs", async () => {
    await renders(hub("INFO", "RANDOM"));
    expect(await hubPlan({ ...PLANNED, values: { level: "INFO" } }, options)).toBeUndefined();
    expect(await renderings()).toBe(2);
  });

  it("says what is generated beside what somebody changed", async () => {
    await renders(hub("DEBUG", "RANDOM"));
    const plan = await hubPlan(PLANNED, options);
    expect(plan?.objects.flatMap(({ fields }) => fields.map(({ text }) => text))).toEqual([
      "restarts because its configuration changed (generated at every rendering)",
      "env LEVEL INFO → DEBUG",
      "key token changed (generated at every rendering)",
    ]);
  });

  it("lists the values where the cluster does not answer, and nothing where they are the same", async () => {
    const away = { ...options, cluster: { unreachable: "the cluster does not answer" } };
    expect(await hubPlan(PLANNED, away)).toMatchObject({
      notCompared: "the cluster does not answer",
      objects: [],
      values: [{ path: "level" }],
    });
    expect(await hubPlan({ ...PLANNED, values: { level: "INFO" } }, away)).toBeUndefined();
  });

  it("says what is missing where helm is", async () => {
    const plan = await hubPlan(PLANNED, { ...options, helm: join(folder, "missing") });
    expect(plan?.notCompared).toBe("helm is not on PATH. Install Helm 3.13 or later");
  });
});
