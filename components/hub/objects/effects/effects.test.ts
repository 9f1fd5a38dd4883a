import { describe, expect, it } from "vitest";
import { compareObjects } from "../compare/compare-objects.ts";
import { manifestsIn } from "../manifests.ts";
import { type EffectsOptions, effects } from "./effects.ts";

const workload = (kind: string, name: string, image: string, labels = "{}") => `
apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}, labels: ${labels}}
spec:
  replicas: 1
  template: {spec: {containers: [{name: ${name}, image: "${image}"}]}}
`;
const claim = (spec: string, annotations = "{}") => `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: hub-db-dir, annotations: ${annotations}}
spec: ${spec}
`;

function effectsOf(before: string, after: string, options: Partial<EffectsOptions> = {}, hooks = "") {
  const deployed = { objects: manifestsIn(before), hooks: [] };
  const rendered = { objects: manifestsIn(after), hooks: manifestsIn(hooks) };
  const changes = compareObjects(deployed, rendered, { namespace: "staging" });
  return effects(changes, { deployed, rendered, ...options }).map(({ kind, text }) => `${kind}: ${text}`);
}

describe("what users notice", () => {
  it.each([
    ["Deployment", "hub", "hub-restart: the hub restarts: spawning stops for about 10 s"],
    [
      "Deployment",
      "proxy",
      "proxy-restart: the proxy restarts: open connections drop, and users reload the page",
    ],
    [
      "Deployment",
      "autohttps",
      "https-proxy-restart: the HTTPS proxy restarts: open connections drop, and users reload the page",
    ],
  ])("of the %s %s, whose pods are replaced while servers go on", (kind, name, text) => {
    expect(effectsOf(workload(kind, name, "a:1"), workload(kind, name, "a:2"))).toEqual([
      text,
      "servers: running servers go on",
    ]);
  });

  it.each([
    ["Deployment", "user-scheduler", "the user scheduler restarts: users notice nothing"],
    ["StatefulSet", "user-placeholder", "placeholder pods are replaced: users notice nothing"],
    ["DaemonSet", "continuous-image-puller", "nodes pull other images: users notice nothing"],
  ])("is nothing of the %s %s", (kind, name, text) => {
    expect(effectsOf(workload(kind, name, "a:1"), workload(kind, name, "a:2"))).toEqual([
      `harmless: ${text}`,
    ]);
  });

  it("is found by the component's label where the chart gives other names", () => {
    const labels = '{"app.kubernetes.io/component": hub}';
    const named = (image: string) => workload("Deployment", "campus-hub", image, labels);
    expect(effectsOf(named("a:1"), named("a:2"))[0]).toMatch(/^hub-restart/);
  });

  it("counts running servers where the hub's API tells", () => {
    const change = (servers: number) =>
      effectsOf(workload("Deployment", "hub", "a:1"), workload("Deployment", "hub", "a:2"), { servers })[1];
    expect([change(41), change(1), change(0)]).toEqual([
      "servers: 41 running servers go on",
      "servers: 1 running server goes on",
      undefined,
    ]);
  });

  it("is that another chart's workload restarts, and nothing where only its replicas change", () => {
    const other = workload("Deployment", "dask-gateway", "a:1");
    expect(effectsOf(other, workload("Deployment", "dask-gateway", "a:2"))).toEqual([
      "restart: Deployment dask-gateway restarts",
    ]);
    expect(effectsOf(other, other.replace("replicas: 1", "replicas: 2"))).toEqual([]);
  });

  it("is a migration where JupyterHub's own version moves up, by chart or else by the hub's image", () => {
    const hub = (tag: string) => workload("Deployment", "hub", `quay.io/jupyterhub/k8s-hub:${tag}`);
    const migrations = (before: string, after: string, options?: Partial<EffectsOptions>) =>
      effectsOf(hub(before), hub(after), options).filter((text) => text.startsWith("database"));
    expect(migrations("4.3.0", "4.4.0")).toEqual([
      "database-migration: hub image 4.3.0 → 4.4.0: the hub's database may be migrated",
    ]);
    expect(migrations("4.3.0", "4.3.1")).toEqual([]);
    expect(migrations("4.4.0", "4.3.0")).toEqual([]);
    expect(migrations("4.3.0", "4.4.0", { versions: { before: "5.4.0", after: "5.4.0" } })).toEqual([]);
    expect(migrations("4.3.0", "4.3.0", { versions: { before: "5.5.0", after: "6.0.0" } })).toEqual([
      "database-migration: JupyterHub 5.5.0 → 6.0.0: the hub's database is migrated",
    ]);
  });

  it("is what Kubernetes refuses", () => {
    const small = claim("{resources: {requests: {storage: 1Gi}}, storageClassName: fast}");
    expect(effectsOf(small, small.replace("fast", "slow"))).toEqual([
      "cannot-apply: PersistentVolumeClaim hub-db-dir: storageClassName can't be changed, so the deployment would fail",
    ]);
    expect(effectsOf(small, small.replace("1Gi", "2Gi"))).toEqual([]);
    expect(effectsOf(small, small.replace("1Gi", "500Mi"))).toEqual([
      "cannot-apply: PersistentVolumeClaim hub-db-dir: a volume can't shrink, so the deployment would fail",
    ]);
    const set = workload("StatefulSet", "db", "a:1");
    expect(effectsOf(set, set.replace("spec:", "spec:\n  serviceName: db"))).toEqual([
      "cannot-apply: StatefulSet db: serviceName can't be changed, so the deployment would fail",
    ]);
    const frozen = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\nimmutable: true\ndata: {a: x}\n";
    expect(effectsOf(frozen, frozen.replace("a: x", "a: y"))).toEqual([
      "cannot-apply: ConfigMap c: data.a can't be changed, so the deployment would fail",
    ]);
  });

  it("is the loss of a volume's data, unless Helm keeps the claim", () => {
    const spec = "{storageClassName: fast}";
    expect(effectsOf(claim(spec), "")).toEqual([
      expect.stringMatching(/^data-loss: PersistentVolumeClaim hub-db-dir /),
    ]);
    expect(effectsOf(claim(spec, '{"helm.sh/resource-policy": keep}'), "")).toEqual([]);
  });

  it("is that the hub is removed", () => {
    expect(effectsOf(workload("Deployment", "hub", "a:1"), "")[0]).toMatch(/the hub is removed/);
  });

  it("is nothing of a hook that pulls images", () => {
    const hook = workload("DaemonSet", "hook-image-puller", "a:1");
    expect(effectsOf("", "", {}, hook)).toEqual([
      "harmless: nodes pull images before the upgrade: users notice nothing",
    ]);
  });
});
