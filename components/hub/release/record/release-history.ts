import type { KubernetesApi } from "../api/kubernetes-api.ts";
import type { KubernetesObject, LabelledObject } from "../api/kubernetes-object.ts";
import { decodeRecord, type ReleaseRecord } from "./release-record.ts";

/** A release in a namespace. */
export interface ReleaseName {
  readonly namespace: string;
  readonly release: string;
}

/** A revision as its Secret's labels name it; the Secret is read only where it is needed. */
export interface Revision {
  readonly revision: number;
  readonly status: string;
  readonly secret: LabelledObject;
}

/** A revision's record, with the Secret that holds it. */
export interface StoredRecord {
  readonly record: ReleaseRecord;
  readonly secret: KubernetesObject;
}

/** The revisions that Helm keeps of a release, newest first. */
export async function releaseHistory(
  api: KubernetesApi,
  { namespace, release }: ReleaseName,
): Promise<Revision[]> {
  const labels = `owner=helm,name=${release}`;
  const secrets = await api.list({ apiVersion: "v1", kind: "Secret", namespace, labels });
  return secrets
    .map((secret) => ({
      revision: Number(secret.metadata.labels?.["version"]),
      status: secret.metadata.labels?.["status"] ?? "",
      secret,
    }))
    .filter(({ revision }) => Number.isInteger(revision))
    .sort((one, other) => other.revision - one.revision);
}

/** The newest revision that is deployed, or was: Helm marks it before it marks the one that follows. */
export function lastDeployed(history: readonly Revision[]): Revision | undefined {
  return (
    history.find(({ status }) => status === "deployed") ??
    history.find(({ status }) => status === "superseded")
  );
}

/** A revision's record; undefined where Helm has removed it since it was listed. @throws {LecternError} where it can't be read */
export async function storedRecord(
  api: KubernetesApi,
  { secret: reference }: Revision,
): Promise<StoredRecord | undefined> {
  const secret = await api.get(reference);
  return secret && { record: decodeRecord(secret), secret };
}

/** What Helm says is deployed; undefined where there is no release, or none of its revisions was deployed. */
export async function deployedRecord(
  api: KubernetesApi,
  name: ReleaseName,
): Promise<ReleaseRecord | undefined> {
  const found = lastDeployed(await releaseHistory(api, name));
  return found && (await storedRecord(api, found))?.record;
}
