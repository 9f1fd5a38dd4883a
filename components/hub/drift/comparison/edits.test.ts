import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KubernetesObject, ManagedFields } from "../../release/api/kubernetes-object.ts";
import { sortEdits } from "./accepted.ts";
import { editsOf, editText, missingFields } from "./edits.ts";

const NOW = "2026-01-02T03:04:05Z";
const HELM = {
  "f:metadata": { "f:annotations": { "f:meta.helm.sh/release-name": {} } },
  "f:data": { ".": {}, "f:x": {}, "f:y": {} },
};
const MANIFEST: KubernetesObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "hub", labels: { app: "hub" } },
  data: { x: "1", y: "2" },
};

function object(data: Record<string, string>, ...managers: ManagedFields[]): KubernetesObject {
  const helm = { manager: "helm-of-a-friend", operation: "Update", fieldsV1: HELM };
  const metadata = { ...MANIFEST.metadata, namespace: "campus", managedFields: [helm, ...managers] };
  return { ...MANIFEST, metadata, data };
}

const by = (manager: string, fields: object, subresource?: string): ManagedFields => ({
  manager,
  operation: "Update",
  time: NOW,
  fieldsV1: fields as Record<string, unknown>,
  ...(subresource === undefined ? {} : { subresource }),
});
const texts = (actual: KubernetesObject | undefined, manifest = MANIFEST, missing = new Set<string>()) =>
  editsOf(manifest, actual, "campus", missing).map(editText);

describe("the edits of an object", () => {
  it("are none where it is as it was deployed, whoever else wrote to it", () => {
    const more = by("kubectl-label", {
      "f:metadata": { "f:labels": { "f:mine": {} } },
      "f:status": { "f:x": {} },
    });
    expect(texts(object({ x: "1", y: "2" }, more))).toEqual([]);
  });

  it("name the field, who changed it and when", () => {
    const actual = object({ x: "9", y: "2" }, by("kubectl-edit", { "f:data": { "f:x": {} } }));
    expect(texts(actual)).toEqual([`ConfigMap hub: data.x was changed by kubectl-edit at ${NOW}`]);
  });

  it("name what was added, and not what was labelled", () => {
    const fields = { "f:metadata": { "f:annotations": { "f:a": {} } }, "f:data": { "f:z": {}, "f:x": {} } };
    expect(texts(object({ x: "1", y: "2", z: "3" }, by("kubectl-patch", fields)))).toEqual([
      `ConfigMap hub: data.z was added by kubectl-patch at ${NOW}`,
    ]);
  });

  it("name what was removed, unless it never was there, or nobody looked", () => {
    expect(texts(object({ x: "1" }))).toEqual(["ConfigMap hub: data.y was removed"]);
    expect(texts(object({ x: "1" }), MANIFEST, new Set(["data.y"]))).toEqual([]);
    expect(editsOf(MANIFEST, object({ x: "1" }), "campus", undefined)).toEqual([]);
    expect(missingFields(MANIFEST, object({ x: "1" }))).toEqual(["data.y"]);
  });

  it("name an object that is gone, but for a Job that removes itself", () => {
    expect(texts(undefined)).toEqual(["ConfigMap hub is gone"]);
    const job = { ...MANIFEST, kind: "Job", spec: { ttlSecondsAfterFinished: 60 } };
    expect(texts(undefined, job)).toEqual([]);
  });

  it("are not what Helm, webhooks in its requests and controllers write", () => {
    const fields = { "f:data": { "f:x": {}, "f:z": {} } };
    for (const manager of [
      "helm-of-a-friend",
      "kube-controller-manager",
      "keda-operator",
      "cert-manager-cainjector",
    ])
      expect(texts(object({ x: "9", y: "2", z: "3" }, by(manager, fields)))).toEqual([]);
    expect(texts(object({ x: "9", y: "2" }))).toEqual([]);
  });

  it("are replicas that a person scaled, and not those that an autoscaler did", () => {
    const manifest = { ...MANIFEST, kind: "Deployment", spec: { replicas: 1 } };
    const scaled = (manager: string) => ({
      ...object({ x: "1", y: "2" }, by(manager, { "f:spec": { "f:replicas": {} } }, "scale")),
      spec: { replicas: 5 },
    });
    expect(texts(scaled("kube-controller-manager"), manifest)).toEqual([]);
    expect(texts(scaled("my-own-scaler"), manifest)).toEqual([]);
    expect(texts(scaled("kubectl"), manifest)).toHaveLength(1);
    const { replicas: _replicas, ...bare } = manifest.spec;
    expect(texts(scaled("kubectl"), { ...manifest, spec: bare })).toEqual([]);
  });

  it("never show a Secret's value, and read its text and its base64 alike", () => {
    const manifest = { ...MANIFEST, kind: "Secret", data: { x: "c2VjcmV0" }, stringData: { y: "secret" } };
    expect(texts(object({ x: "c2VjcmV0", y: "c2VjcmV0" }), manifest)).toEqual([]);
    const edited = object({ x: "b3RoZXI=", y: "c2VjcmV0" }, by("kubectl-edit", { "f:data": { "f:x": {} } }));
    expect(JSON.stringify(texts(edited, manifest))).not.toMatch(/secret|c2Vj|b3Ro/);
    expect(texts(edited, manifest)).toHaveLength(1);
  });

  it("are found for every key that an editor owns and no other", () => {
    const data = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string(), { minKeys: 1, maxKeys: 8 });
    fc.assert(
      fc.property(data, fc.func(fc.boolean()), (wanted, isEdited) => {
        const edited = Object.keys(wanted).filter((key) => isEdited(key));
        const keys = Object.fromEntries(edited.map((key) => [`f:${key}`, {}]));
        const fields = { "f:data": { ".": {}, ...keys } };
        const now = Object.fromEntries(Object.entries(wanted).map(([key, value]) => [key, `${value}!`]));
        const actual = object(now, by("kubectl-edit", fields));
        const found = editsOf({ ...MANIFEST, data: wanted }, actual, "campus", new Set());
        expect(found.map(({ path }) => path[1]).sort()).toEqual(edited.sort());
      }),
    );
  });
});

describe("accept", () => {
  const found = editsOf(
    MANIFEST,
    object({ x: "9" }, by("k9s", { "f:data": { "f:x": {} } })),
    "campus",
    new Set(),
  );

  it("keeps a field, and the rest is undone", () => {
    const { kept, undone, idle } = sortEdits(
      found,
      [{ object: "ConfigMap hub", field: "data.x", reason: "tried out" }],
      ["ConfigMap hub"],
    );
    expect([kept, undone].map((edits) => edits.map(({ field }) => field))).toEqual([["data.x"], ["data.y"]]);
    expect(idle).toEqual([]);
  });

  it("says where it names nothing", () => {
    const accepted = [
      { object: "ConfigMap hub", field: "data.w", reason: "" },
      { object: "ConfigMap hubb", reason: "" },
    ];
    expect(sortEdits(found, accepted, ["ConfigMap hub"]).idle).toEqual([
      "accept names ConfigMap hub: data.w, which is as it was deployed. Remove it from accept",
      'accept names ConfigMap hubb, which the release does not have. Did you mean "ConfigMap hub"?',
    ]);
  });
});
