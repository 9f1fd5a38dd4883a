import type { KubernetesApi } from "../api/kubernetes-api.ts";
import { objectName } from "../api/kubernetes-object.ts";
import {
  lastDeployed,
  type ReleaseName,
  type Revision,
  releaseHistory,
  storedRecord,
} from "../record/release-history.ts";
import { PENDING, type ReleaseRecord, withStatus } from "../record/release-record.ts";
import { goBack, type WentBack } from "./going-back.ts";
import type { LeaseFacts } from "./lease-object.ts";

/** How a revision is described that Helm installed for a run that did not live to learn of it. */
const SET_ASIDE = "Installed for a run of Lectern that was interrupted";

/**
 * Heals what a run that was killed left of a release, so that Helm can install or upgrade it: its records, and
 * the objects that it changed. What is done is written last, so that a run which is killed here, too, is healed.
 * @param begun what an earlier run began and did not see through
 * @returns what was done, in words
 */
export async function heal(
  api: KubernetesApi,
  name: ReleaseName,
  begun: LeaseFacts["begun"],
): Promise<string[]> {
  const history = await releaseHistory(api, name);
  const [newest] = history;
  if (newest === undefined) return [];
  if (newest.status === "pending-install") return withoutRecord(api, name, history);
  if (newest.status === "uninstalling") return [await afterUninstall(api, newest)];
  if (PENDING.test(newest.status)) return [await backToDeployed(api, name, history)];
  // The engine doesn't know a release whose installation it didn't see end, and would install it again.
  if (begun === "install" && newest.status === "deployed") return [await setAside(api, newest)];
  return [];
}

/** A first installation loses its record; Helm takes over what it created, by the names on it. */
async function withoutRecord(
  api: KubernetesApi,
  name: ReleaseName,
  history: readonly Revision[],
): Promise<string[]> {
  const [newest] = history;
  const hooks = await removeHooks(api, name, newest && (await storedRecord(api, newest))?.record);
  for (const { secret } of history.toReversed()) await api.remove(secret);
  const left = `the first installation was interrupted: its record is deleted, and what it created is taken over, volumes included`;
  return [`${left}${deletedText(hooks)}`];
}

/** Helm upgrades a release that failed, and installs one again that may be replaced. */
async function afterUninstall(api: KubernetesApi, newest: Revision): Promise<string> {
  const { revision } = newest;
  await rewrite(api, newest, "failed", "Uninstalled in part, as the run was interrupted");
  return `revision ${revision} was being uninstalled when the run was interrupted: it counts as failed, and what is gone is created again`;
}

async function setAside(api: KubernetesApi, newest: Revision): Promise<string> {
  const { revision } = newest;
  const description = (await storedRecord(api, newest))?.record.description;
  await rewrite(api, newest, "failed", `${SET_ASIDE}: ${description}`);
  return `revision ${revision} was installed for a run that was interrupted before it learnt of it: it is installed again over what is there`;
}

/** Undoes {@link heal}'s setting aside, where the engine knew the release after all. */
export async function acknowledge(api: KubernetesApi, name: ReleaseName): Promise<void> {
  const [newest] = await releaseHistory(api, name);
  if (newest?.status !== "failed") return;
  const [set, before] = (await storedRecord(api, newest))?.record.description.split(/: (.*)/s) ?? [];
  if (set === SET_ASIDE) await rewrite(api, newest, "deployed", before ?? "");
}

async function backToDeployed(
  api: KubernetesApi,
  name: ReleaseName,
  history: readonly Revision[],
): Promise<string> {
  const target = lastDeployed(history);
  const pending = history.filter(({ status }) => PENDING.test(status));
  const named = pending.map(({ revision, status }) => `revision ${revision} (${status})`).join(", ");
  const later = history.filter(({ revision }) => revision > (target?.revision ?? 0));
  const stored = await Promise.all(later.map((one) => storedRecord(api, one)));
  const records = stored.flatMap((one) => one?.record ?? []);
  const hooks = (await Promise.all(records.map((record) => removeHooks(api, name, record)))).flat();
  const to = target && (await storedRecord(api, target))?.record;
  const went: WentBack | undefined = to && (await goBack(api, name, to, records));
  if (target && to && target.status !== "deployed") await rewrite(api, target, "deployed", to.description);
  for (const { secret } of pending) await api.remove(secret);
  if (target === undefined)
    return `${named} was interrupted, and no revision was deployed before: its record is deleted`;
  const put = went?.restored.length ? `; put back: ${went.restored.join(", ")}` : "";
  return `${named} was interrupted: the release is at revision ${target.revision} again${put}${deletedText([...(went?.deleted ?? []), ...hooks])}`;
}

const deletedText = (objects: readonly string[]) =>
  objects.length === 0 ? "" : `; deleted: ${objects.join(", ")}`;

async function rewrite(
  api: KubernetesApi,
  revision: Revision,
  status: string,
  description: string,
): Promise<void> {
  const stored = await storedRecord(api, revision);
  if (stored) await api.replace(withStatus(stored.secret, stored.record, status, description));
}

/**
 * Deletes the hooks of a revision that Helm would have deleted at their end, and doesn't before it creates them:
 * those that are left would be in the way.
 */
async function removeHooks(
  api: KubernetesApi,
  name: ReleaseName,
  record: ReleaseRecord | undefined,
): Promise<string[]> {
  const removed: string[] = [];
  const inTheWay = (record?.hooks ?? []).filter(
    ({ deletePolicies: policies, events }) =>
      policies.length > 0 && !policies.includes("before-hook-creation") && !events.includes("test"),
  );
  for (const object of inTheWay.flatMap(({ objects }) => objects)) {
    if ((await api.get(object)) === undefined) continue;
    await api.remove(object);
    removed.push(objectName(object, name.namespace));
  }
  return removed;
}
