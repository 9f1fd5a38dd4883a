import { isObject } from "../../../json.ts";
import type { Effect, ObjectChange } from "../hub-changes.ts";
import type { Manifest } from "../manifests.ts";

/** Fields that Kubernetes never changes, by kind. What a kind's other fields may become is not judged here. */
const IMMUTABLE: Readonly<Record<string, RegExp>> = {
  PersistentVolumeClaim: /^spec\.(?!resources\b)/,
  StatefulSet:
    /^spec\.(?!replicas\b|template\b|updateStrategy\b|minReadySeconds\b|revisionHistoryLimit\b|ordinals\b|persistentVolumeClaimRetentionPolicy\b)/,
  Deployment: /^spec\.selector\b/,
  DaemonSet: /^spec\.selector\b/,
  ReplicaSet: /^spec\.selector\b/,
  Job: /^spec\.(template|selector|completionMode)\b/,
  RoleBinding: /^roleRef\b/,
  ClusterRoleBinding: /^roleRef\b/,
  PriorityClass: /^(value|preemptionPolicy)$/,
  StorageClass: /^(provisioner|parameters|reclaimPolicy|volumeBindingMode)\b/,
  Secret: /^type$/,
};

const STORAGE = "spec.resources.requests.storage";

/** What Kubernetes would refuse of a change, so that the deployment fails and is rolled back. */
export function refusals(change: ObjectChange, before: Manifest | undefined): Effect[] {
  // A hook is deleted before it is created again.
  if (change.change !== "changed" || change.hook) return [];
  const object = `${change.kind} ${change.name}`;
  const never = Object.hasOwn(IMMUTABLE, change.kind) ? IMMUTABLE[change.kind] : undefined;
  const fixed = change.fields.filter(({ path }) => never?.test(path));
  const frozen =
    before?.["immutable"] === true ? change.fields.filter(({ path }) => path.startsWith("data")) : [];
  const names = [...new Set([...fixed, ...frozen].map(({ path }) => path.replace(/^spec\./, "")))];
  const refused = names.map((field) => `${object}: ${field} can't be changed, so the deployment would fail`);
  const smaller = change.kind === "PersistentVolumeClaim" && change.fields.some(isShrunk);
  return [
    ...refused,
    ...(smaller ? [`${object}: a volume can't shrink, so the deployment would fail`] : []),
  ].map((text) => ({ kind: "cannot-apply", text }));
}

const isShrunk = ({ path, before, after }: ObjectChange["fields"][number]) =>
  path === STORAGE && before !== undefined && after !== undefined && bytesOf(after) < bytesOf(before);

const POWERS = ["", "k", "M", "G", "T", "P", "E"];

/** A quantity of Kubernetes: `10Gi`, `500M`, `1e9`; NaN where it is none. */
function bytesOf(quantity: string): number {
  const [, number = "", prefix = "", binary] = /^([\d.e+]+?)(k|K|M|G|T|P|E)?(i)?$/.exec(quantity) ?? [];
  return number === ""
    ? Number.NaN
    : Number(number) * (binary ? 1024 : 1000) ** POWERS.indexOf(prefix.replace("K", "k"));
}

/** The volumes that a release's deletion of their claims would delete, but for those that Helm keeps. */
export function lostVolumes(change: ObjectChange, before: Manifest | undefined): Effect[] {
  if (change.change !== "removed" || change.kind !== "PersistentVolumeClaim") return [];
  const annotations = before?.metadata["annotations"];
  if (isObject(annotations) && annotations["helm.sh/resource-policy"] === "keep") return [];
  const text = `PersistentVolumeClaim ${change.name} is deleted, and the data on its volume with it unless the volume's reclaim policy is Retain`;
  return [{ kind: "data-loss", text }];
}
