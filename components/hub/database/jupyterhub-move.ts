import { isObject, type JsonObject } from "../../json.ts";
import type { Problem } from "../../problem/problem.ts";

/** Which JupyterHub a release runs. */
export interface HubVersion {
  /** The chart's `appVersion`: JupyterHub's own version. */
  readonly appVersion?: string | undefined;
  /** The hub's image where the values name one; the chart's own follows its `appVersion`. */
  readonly image?: string | undefined;
}

/** From which JupyterHub to which, for messages. */
export interface JupyterHubMove {
  readonly from: string;
  readonly to: string;
}

/**
 * Whether a change moves JupyterHub's own version, whose database then migrates and does not go back by itself.
 * An image of the operator's may hold any JupyterHub: another image is another version, the same image the same.
 * What is not known counts as another one.
 */
export function jupyterHubMove(before: HubVersion, after: HubVersion): JupyterHubMove | undefined {
  const isSameImage = before.image === after.image;
  if (isSameImage && after.image !== undefined) return undefined;
  const isSameVersion = before.appVersion !== undefined && before.appVersion === after.appVersion;
  if (isSameImage && isSameVersion) return undefined;
  return { from: nameOf(before), to: nameOf(after) };
}

const nameOf = ({ image, appVersion }: HubVersion): string =>
  image ?? (appVersion === undefined ? "an unknown version" : `JupyterHub ${appVersion}`);

/** The version of a hub by its chart's `appVersion` and the merged values. */
export function hubVersionOf(appVersion: string | undefined, values: JsonObject): HubVersion {
  const { name, tag } = textsIn(hubIn(values)["image"]);
  const image = name === undefined && tag === undefined ? undefined : `${name ?? ""}:${tag ?? ""}`;
  return { appVersion, image };
}

/** Where a hub keeps its users, servers and tokens. */
export type HubDatabase = "sqlite-pvc" | "sqlite-memory" | "other";

/** The database of a hub by its values, `hub.db.type` of Zero to JupyterHub. */
export function hubDatabaseOf(values: JsonObject): HubDatabase {
  const { type = "sqlite-pvc" } = textsIn(hubIn(values)["db"]);
  return type === "sqlite-pvc" || type === "sqlite-memory" ? type : "other";
}

/** `hub` of the values, which is below the chart's name where another chart depends on it. */
function hubIn(values: JsonObject): JsonObject {
  const charts = [values, ...Object.values(values).filter(isObject)];
  return charts.map(({ hub }) => hub).find(isObject) ?? {};
}

function textsIn(value: unknown): Readonly<Record<string, string | undefined>> {
  const entries = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.flatMap(([key, one]) => (one === null || isObject(one) ? [] : [[key, String(one)]])),
  );
}

/** A hub whose release is to go back. */
export interface HubRollback {
  /** `<cluster>/<hub>`. */
  readonly hub: string;
  readonly running: HubVersion;
  readonly target: HubVersion;
  readonly database: HubDatabase;
  /** Whether cluster.yaml says `database: restored`. */
  readonly restored: boolean;
}

/**
 * Why a rollback is refused: the older JupyterHub can't read a database that a newer one has migrated.
 * @returns undefined where it isn't
 */
export function rollbackRefusal({
  hub,
  running,
  target,
  database,
  restored,
}: HubRollback): Problem | undefined {
  const move = jupyterHubMove(running, target);
  if (!move || restored || database === "sqlite-memory") return undefined;
  const backup =
    database === "sqlite-pvc"
      ? "Put the backup jupyterhub.sqlite.lectern-… beside the hub's database in its place"
      : "Restore the hub's database from its backup";
  return {
    code: "rollback-across-migration",
    severity: "error",
    path: "database",
    message: `the hub ${hub} can't be rolled back from ${move.from} to ${move.to}: its database may have been migrated since`,
    remedy: `${backup}, then set \`database: restored\``,
  };
}
