import { PatchStrategy } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { valueAt } from "../../../components/hub/drift/comparison/field-path.ts";
import { deployedRecord } from "../../../components/hub/release/record/release-history.ts";
import { requireService } from "../require.ts";
import { chart, WITHOUT_HOOKS } from "./helm.ts";
import { type Deployed, findReleases, type Named, type Releases, startReleases } from "./release-fixture.ts";
import { startWebhook, type Webhook } from "./webhook.ts";

const of = (apiVersion: string, kind: string, name: string): Named => ({
  apiVersion,
  kind,
  metadata: { name },
});
const CONFIG = of("v1", "ConfigMap", "hub");
const PROXY = of("v1", "ConfigMap", "proxy");
const SECRET = of("v1", "Secret", "hub");
const DEPLOYMENT = of("apps/v1", "Deployment", "hub");
const SERVICE = of("v1", "Service", "hub");
const PROXY_SERVICE = of("v1", "Service", "proxy");
const POLICY = of("networking.k8s.io/v1", "NetworkPolicy", "hub");
const BINDING = of("rbac.authorization.k8s.io/v1", "RoleBinding", "hub");
const ROLE = of("rbac.authorization.k8s.io/v1", "Role", "hub");
const ACCOUNT = of("v1", "ServiceAccount", "hub");

const CANARY = Buffer.from("canary-of-the-secret").toString("base64");
/** Waits for what controllers of a busy machine do. */
const waitUntil = (is: () => Promise<boolean>) => vi.waitUntil(is, { timeout: 60_000, interval: 200 });

const template = (spec: object) => ({ spec: { template: { spec } } });

requireService("a Kubernetes API and Helm", findReleases, (programs) => {
  let releases: Releases;
  let webhook: Webhook | undefined;

  beforeAll(async () => {
    releases = await startReleases(programs);
  });
  afterAll(async () => {
    await releases?.cluster.stop();
    await webhook?.stop();
  });

  const inputsOf = ({ namespace }: Deployed, more: object = {}) => ({
    cluster: "east",
    namespace,
    release: "hub",
    change: "1",
    ...more,
  });

  /** A release that Helm installed and this looked at once. */
  async function installed(namespace: string, ...flags: string[]) {
    const hub = await releases.namespace(namespace);
    await hub.helm("install", "hub", ...chart(), WITHOUT_HOOKS, ...flags);
    const { state } = await hub.run().drift.create(inputsOf(hub));
    return { hub, state };
  }

  /** Edits of ten objects: of each kind. */
  async function editByHand(hub: Deployed) {
    const strategic = PatchStrategy.StrategicMergePatch;
    await hub.edit(CONFIG, { data: { greeting: "edited" } });
    await hub.edit(CONFIG, { data: { "added.py": "x = 1" } }, "kubectl-patch");
    await hub.edit(CONFIG, { data: { removed: null } });
    await hub.edit(SECRET, { data: { level: CANARY } }, "k9s");
    const greeting = "/spec/template/spec/containers/0/env/1";
    await hub.api.patch(DEPLOYMENT, [{ op: "remove", path: greeting }], "kubectl-edit");
    const env = [
      { name: "LEVEL", value: "DEBUG" },
      { name: "ADDED", value: "1" },
    ];
    await hub.edit(DEPLOYMENT, template({ containers: [{ name: "hub", env }] }), "kubectl-set", strategic);
    const containers = [{ name: "debugger", image: "registry.example/debugger:1" }];
    await hub.edit(DEPLOYMENT, template({ containers }), "kubectl-edit", strategic);
    await hub.edit(DEPLOYMENT, template({ terminationGracePeriodSeconds: 5 }), "Mozilla");
    await hub.edit(SERVICE, { spec: { ports: [{ port: 8081, targetPort: 1 }] } }, "kubectl-edit", strategic);
    await hub.edit(ROLE, { rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] });
    await hub.edit(POLICY, { spec: { ingress: [{ ports: [{ port: 8082 }] }] } });
    await hub.edit(PROXY_SERVICE, { spec: { ports: [{ port: 80, targetPort: 9 }] } }, "k9s", strategic);
    await hub.api.remove(PROXY);
    await hub.api.remove(ACCOUNT);
    await hub.api.remove(BINDING);
  }
  const EDITED = [
    "ConfigMap hub: data.greeting was changed by kubectl-edit",
    'ConfigMap hub: data["added.py"] was added by kubectl-patch',
    "ConfigMap hub: data.removed was removed",
    "Secret hub: data.level was changed by k9s",
    "Deployment hub: spec.template.spec.containers[hub].env[LEVEL].value was changed by kubectl-set",
    "Deployment hub: spec.template.spec.containers[hub].env[ADDED] was added by kubectl-set",
    "Deployment hub: spec.template.spec.containers[hub].env[GREETING] was removed",
    "Deployment hub: spec.template.spec.containers[debugger] was added by kubectl-edit",
    "Deployment hub: spec.template.spec.terminationGracePeriodSeconds was changed by Mozilla",
    "Service hub: spec.ports[8081/TCP].targetPort was changed by kubectl-edit",
    "Role hub: rules was changed by kubectl-edit",
    "NetworkPolicy hub: spec.ingress was changed by kubectl-edit",
    "Service proxy: spec.ports[80/TCP].targetPort was changed by k9s",
    "ConfigMap proxy is gone",
    "ServiceAccount hub is gone",
    "RoleBinding hub is gone",
  ];
  const named = (warnings: readonly string[]) =>
    warnings.map((text) => text.replace(/( at \S+)?; the next deployment puts it back$/, "")).sort();

  describe.each([
    ["server-side", "--server-side=true"],
    ["client-side", "--server-side=false"],
  ])("a release that Helm applies %s", (name, flag) => {
    it("shows nothing where nobody edited it", async () => {
      const { hub, state } = await installed(`untouched-${name}`, flag);
      expect(state).toMatchObject({ revision: 1, edits: [], missing: {} });
      const scale = [{ op: "replace", path: "/spec/replicas", value: 3 }];
      await scaled(hub, "kube-controller-manager", scale);
      await waitUntil(async () => {
        const deployment = await hub.api.get(DEPLOYMENT);
        return valueAt(deployment, ["status", "readyReplicas"]) === 3;
      });
      await hub.edit(DEPLOYMENT, { metadata: { annotations: { mine: "1" } } });
      expect(await hub.run().drift.diff(state, inputsOf(hub))).toMatchObject({
        changes: false,
        warnings: [],
      });
    });

    it("shows every edit and nothing else, and they are put back", async () => {
      const { hub, state } = await installed(`edited-${name}`, flag);
      await editByHand(hub);
      const plan = await hub.run().drift.diff(state, inputsOf(hub));
      expect(plan.changes).toBe(true);
      expect(named(plan.warnings)).toEqual(EDITED.toSorted());
      expect(JSON.stringify(plan.warnings)).not.toMatch(/canary|Y2FuYXJ5/);
      const update = await hub.run().drift.update(state, inputsOf(hub));
      expect(update.warnings).toEqual([]);
      expect(update.state).toMatchObject({
        edits: [],
        restored: expect.objectContaining({ length: EDITED.length }),
      });
      expect(await hub.run().drift.diff(update.state, inputsOf(hub))).toMatchObject({
        changes: false,
        warnings: [],
      });
      const map = await hub.api.get(CONFIG);
      expect(map?.["data"]).toEqual({
        greeting: "hello",
        stays: "1",
        removed: "2",
        "hub.py": expect.any(String),
      });
      // Helm owns what was put back, so it changes it without a conflict.
      await hub.helm(
        "upgrade",
        "hub",
        ...chart({ greeting: "again", logLevel: "WARN", extra: true }),
        WITHOUT_HOOKS,
      );
      expect((await hub.api.get(CONFIG))?.["data"]).toMatchObject({ greeting: "again", extra: "yes" });
      const later = await hub.run().drift.update(update.state, inputsOf(hub, { change: "2" }));
      expect(later).toMatchObject({ warnings: [], state: { revision: 2, edits: [] } });
    });
  });

  async function scaled(
    hub: Deployed,
    manager: string,
    patch: { op: string; path: string; value: unknown }[],
  ) {
    const { AppsV1Api } = await import("@kubernetes/client-node");
    const apps = releases.cluster.kubeConfig.makeApiClient(AppsV1Api);
    const { namespace } = hub;
    await apps.patchNamespacedDeploymentScale({ name: "hub", namespace, body: patch, fieldManager: manager });
  }

  it("a field that is accepted stays, and an accept that names nothing is reported", async () => {
    const { hub, state } = await installed("accepted");
    await hub.edit(CONFIG, { data: { greeting: "edited", stays: "edited", more: "1" } });
    const accept = [
      { object: "ConfigMap hub", field: "data.greeting", reason: "tried out" },
      { object: "ConfigMap hub", field: "data.more", reason: "tried out" },
      { object: "Deployment hubb", field: "spec", reason: "mistyped" },
    ];
    const plan = await hub.run().drift.diff(state, inputsOf(hub, { accept }));
    expect(plan).toMatchObject({ changes: true, warnings: expect.objectContaining({ length: 2 }) });
    expect(plan.warnings[1]).toMatch(/^accept names Deployment hubb, .* "Deployment hub"/);
    const { state: after } = await hub.run().drift.update(state, inputsOf(hub, { accept }));
    expect((await hub.api.get(CONFIG))?.["data"]).toMatchObject({
      greeting: "edited",
      stays: "1",
      more: "1",
    });
    expect(after).toMatchObject({ edits: [{ field: "data.greeting" }, { field: "data.more" }] });
    expect((await hub.run().drift.diff(after, inputsOf(hub, { accept }))).changes).toBe(false);
  });

  it("what is edited of a hub that is held is named and stays, until the hub is no longer held", async () => {
    const { hub, state } = await installed("held");
    await hub.edit(CONFIG, { data: { greeting: "edited" } });
    const inputs = inputsOf(hub, { held: true });
    const plan = await hub.run().drift.diff(state, inputs);
    expect(plan).toMatchObject({
      changes: true,
      warnings: [
        expect.stringMatching(
          /^ConfigMap hub: data\.greeting was changed by kubectl-edit at \S+; it stays while the hub is held$/,
        ),
      ],
    });
    const { state: noted } = await hub.run().drift.update(state, inputs);
    expect(noted).toMatchObject({ ...state, edits: [{ field: "data.greeting" }] });
    expect((await hub.api.get(CONFIG))?.["data"]).toMatchObject({ greeting: "edited" });
    const again = await hub.run().drift.diff(noted, inputs);
    expect(again).toMatchObject({ changes: false, warnings: plan.warnings });

    expect((await hub.run().drift.diff(noted, inputsOf(hub))).changes).toBe(true);
    await hub.run().drift.update(noted, inputsOf(hub));
    expect((await hub.api.get(CONFIG))?.["data"]).toMatchObject({ greeting: "hello" });
  });

  it("what a webhook changes of Helm's requests is no drift, and what people edit then is", async () => {
    const hub = await releases.namespace("mutated");
    await mutate(hub);
    await waitUntil(async () => {
      const map = of("v1", "ConfigMap", "probe");
      await hub.api.remove(map);
      const made = await hub.api.create({
        ...map,
        metadata: { ...map.metadata, namespace: "mutated" },
        data: { stays: "0" },
      });
      return valueAt(made, ["data", "stays"]) === "mutated";
    });
    await hub.helm("install", "hub", ...chart(), WITHOUT_HOOKS);
    expect((await hub.api.get(CONFIG))?.["data"]).toMatchObject({ stays: "mutated", injected: "1" });
    const { state } = await hub.run().drift.create(inputsOf(hub));
    expect(await hub.run().drift.diff(state, inputsOf(hub))).toMatchObject({ changes: false, warnings: [] });
    await hub.edit(CONFIG, { data: { greeting: "edited" } });
    const { warnings } = await hub.run().drift.diff(state, inputsOf(hub));
    expect(named(warnings)).toEqual(["ConfigMap hub: data.greeting was changed by kubectl-edit"]);
  });

  /** Has the API ask a webhook about each ConfigMap of a namespace. */
  async function mutate({ api, namespace }: Deployed) {
    webhook = await startWebhook(releases.cluster, { stays: "mutated", injected: "1" });
    const rule = {
      apiGroups: [""],
      apiVersions: ["v1"],
      resources: ["configmaps"],
      operations: ["CREATE", "UPDATE"],
    };
    await api.create({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
      metadata: { name: "mutates" },
      webhooks: [
        {
          name: "mutates.example.org",
          admissionReviewVersions: ["v1"],
          clientConfig: webhook.clientConfig,
          failurePolicy: "Fail",
          sideEffects: "None",
          rules: [rule],
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
        },
      ],
    });
  }

  it("a refresh keeps what it finds, and a cluster that does not answer changes nothing", async () => {
    const { hub, state } = await installed("refreshed");
    await hub.edit(CONFIG, { data: { greeting: "edited" } });
    const read = await hub.run().drift.read(state);
    expect(read.state).toMatchObject({
      edits: [{ object: "ConfigMap hub", field: "data.greeting", manager: "kubectl-edit" }],
    });
    const elsewhere = inputsOf(hub, { namespace: "no-such-namespace" });
    const gone = await hub.run().drift.diff({ ...state, namespace: "no-such-namespace" }, elsewhere);
    expect(gone).toMatchObject({
      changes: false,
      warnings: [expect.stringMatching(/^drift was not looked for: .* no deployed release hub/)],
    });
  });

  it("the record says what is deployed", async () => {
    const { hub } = await installed("recorded");
    const record = await deployedRecord(hub.api, { namespace: "recorded", release: "hub" });
    expect(record).toMatchObject({
      revision: 1,
      status: "deployed",
      chart: { name: "hub", version: "1.0.0" },
    });
    expect(record?.manifest.map(({ kind }) => kind).sort()).toHaveLength(11);
    expect(record?.hooks.flatMap(({ events }) => events)).toContain("post-upgrade");
  });
});
