import type { HubState } from "../engine/hubs/kills/hub-inspector.ts";
import type { DeclaredHub } from "../engine/hubs/kills/kills-place.ts";

/** What is done with a hub, a round after the other; then it is not declared any more. */
export const AGES = ["installed", "upgraded", "rolled back", "retired"] as const;
type Age = (typeof AGES)[number];

/** A hub in a round. */
export interface Aged {
  readonly name: string;
  readonly age: Age;
}

const THIRD = { greeting: "third", cpu: "500m" };

/** How a hub is declared. */
export const VALUES: Readonly<Record<Age, DeclaredHub>> = {
  installed: { values: { greeting: "first" } },
  upgraded: { values: { greeting: "second", extra: true, sidecar: true, logLevel: "DEBUG" } },
  "rolled back": { values: THIRD, rollback: true },
  retired: { values: THIRD, retire: true },
};

const GREETINGS: Readonly<Record<Age, string>> = {
  installed: "first",
  upgraded: "second",
  "rolled back": "second",
  retired: "second",
};

const VOLUME = "PersistentVolumeClaim hub-db-dir";

/** What is wrong with a hub that is declared. @param before where its volume was first */
export function faultsOf(
  name: string,
  age: Age,
  before: HubState | undefined,
  after: HubState | undefined,
): string[] {
  const faults: string[] = [];
  const last = after?.revisions.at(-1) ?? "no record";
  const live = after?.revisions.filter((revision) => /deployed|pending/.test(revision)) ?? [];
  if (!last.endsWith(" deployed") || live.length !== 1) faults.push(`its revisions: ${after?.revisions}`);
  if (after?.lease?.holder !== undefined || after?.lease?.begun !== undefined)
    faults.push("its Lease is not free");
  const data = after?.objects.get("ConfigMap hub")?.["data"] as Record<string, string> | undefined;
  if (data?.["greeting"] !== GREETINGS[age]) faults.push(`its greeting is ${data?.["greeting"]}`);
  const wanted = age === "installed" ? 11 : 12;
  if (after?.objects.size !== wanted) faults.push(`it has ${after?.objects.size} objects, not ${wanted}`);
  if (after?.hooks.length !== 0) faults.push(`hooks are left: ${after?.hooks}`);
  const replicas = specOf(after, "Deployment hub")["replicas"];
  if (replicas !== (age === "retired" ? 0 : 1)) faults.push(`its Deployment has ${replicas} replicas`);
  const volume = before?.objects.get(VOLUME)?.metadata.uid;
  if (volume !== undefined && volume !== after?.objects.get(VOLUME)?.metadata.uid)
    faults.push("its volume is another one");
  if (age === "retired" && after?.volumes.some(({ reclaims }) => reclaims !== "Retain"))
    faults.push("its volume goes with its claim");
  return faults.map((fault) => `${name} (${age}): ${fault}`);
}

/** What is wrong with a hub that is removed. */
export function removalFaults(
  name: string,
  before: HubState | undefined,
  after: HubState | undefined,
): string[] {
  const faults: string[] = [];
  if (after?.revisions.length !== 0) faults.push(`its revisions: ${after?.revisions}`);
  if (after?.lease !== undefined) faults.push("its Lease is left");
  if (after?.objects.size !== 0) faults.push(`left of it: ${[...(after?.objects.keys() ?? [])]}`);
  if (after?.hooks.length !== 0) faults.push(`hooks are left: ${after?.hooks}`);
  if (after?.namespace !== true) faults.push("its namespace is gone");
  const volumes = before?.volumes.map((volume) => volume.name) ?? [];
  const kept = after?.volumes.map((volume) => volume.name) ?? [];
  if (volumes.length === 0 || volumes.join() !== kept.join())
    faults.push(`its volumes were ${volumes}, and are ${kept}`);
  return faults.map((fault) => `${name} (removed): ${fault}`);
}

const specOf = (state: HubState | undefined, name: string) =>
  (state?.objects.get(name)?.["spec"] ?? {}) as Record<string, unknown>;
