import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { isObject, type JsonObject } from "../../../json.ts";
import { LecternError } from "../../../problem/problem.ts";
import type { KubernetesObject } from "../api/kubernetes-object.ts";
import { manifestObjects } from "./manifest.ts";

/** A revision's status that says that an operation of Helm's is under way, or was killed. */
export const PENDING = /^pending-/;

/** Whether a revision's status says so, or that it is being uninstalled, as a first installation that fails is. */
export const isStuck = (status: string): boolean => PENDING.test(status) || status === "uninstalling";

const map = z.record(z.string(), z.unknown());
const hook = z.object({
  name: z.string().default(""),
  kind: z.string().default(""),
  manifest: z.string().default(""),
  events: z.array(z.string()).nullish(),
  delete_policies: z.array(z.string()).nullish(),
});

/** What Helm keeps of a revision, as far as it is used here. */
const readable = z.object({
  name: z.string(),
  version: z.number(),
  namespace: z.string().default(""),
  manifest: z.string().default(""),
  config: map.nullish(),
  apply_method: z.string().optional(),
  hooks: z.array(hook).nullish(),
  info: z.object({ status: z.string(), description: z.string().optional() }),
  chart: z
    .object({
      metadata: z.object({
        name: z.string().default(""),
        version: z.string().default(""),
        appVersion: z.string().optional(),
      }),
    })
    .nullish(),
});

/** A revision of a release, as Helm recorded it. */
export interface ReleaseRecord {
  readonly release: string;
  readonly namespace: string;
  readonly revision: number;
  readonly status: string;
  readonly description: string;
  readonly chart: {
    readonly name: string;
    readonly version: string;
    readonly appVersion?: string | undefined;
  };
  /** The values that the release was given; they hold secrets. */
  readonly config: JsonObject;
  /** What was rendered, hooks aside. */
  readonly manifest: readonly KubernetesObject[];
  readonly hooks: readonly ReleaseHook[];
  /** Whether Helm applied it on the server's side, which it does since version 4. */
  readonly isServerSide: boolean;
  /** Everything that Helm stored, decoded. */
  readonly stored: JsonObject;
}

interface ReleaseHook {
  /** `post-upgrade` and the like. */
  readonly events: readonly string[];
  readonly deletePolicies: readonly string[];
  readonly objects: readonly KubernetesObject[];
}

/** No record of a release is larger: a Secret takes 1 MiB of gzip. */
const LARGEST = 256 * 1024 * 1024;

/**
 * Reads a Secret of Helm's: base64 twice, gzip, JSON.
 * @throws {LecternError} where it is none; never with its content
 */
export function decodeRecord(secret: KubernetesObject): ReleaseRecord {
  const { name } = secret.metadata;
  const stored = read(secret);
  const parsed = readable.safeParse(stored);
  if (!isObject(stored) || !parsed.success) throw unreadable(name);
  const record = parsed.data;
  const whose = `revision ${record.version} of the release ${record.name}`;
  const { name: chart = "", version = "", appVersion } = record.chart?.metadata ?? {};
  return {
    release: record.name,
    namespace: record.namespace || (secret.metadata.namespace ?? ""),
    revision: record.version,
    status: record.info.status,
    description: record.info.description ?? "",
    chart: { name: chart, version, ...(appVersion === undefined ? {} : { appVersion }) },
    config: record.config ?? {},
    manifest: manifestObjects(record.manifest, whose),
    hooks: (record.hooks ?? []).map((one) => ({
      events: one.events ?? [],
      deletePolicies: one.delete_policies ?? [],
      objects: manifestObjects(one.manifest, `the hook ${one.name} of ${whose}`),
    })),
    isServerSide: record.apply_method === "ssa",
    stored,
  };
}

function read(secret: KubernetesObject): unknown {
  try {
    const encoded = z.object({ release: z.string() }).parse(secret["data"]).release;
    const inner = Buffer.from(Buffer.from(encoded, "base64").toString("latin1"), "base64");
    // Records of early versions of Helm are not compressed.
    const isGzip = inner[0] === 0x1f && inner[1] === 0x8b;
    const text = isGzip ? gunzipSync(inner, { maxOutputLength: LARGEST }) : inner;
    return JSON.parse(text.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** The Secret of a record with another status, as Helm itself would write it. */
export function withStatus(
  secret: KubernetesObject,
  record: ReleaseRecord,
  status: string,
  description: string,
): KubernetesObject {
  const before = record.stored["info"];
  const info = { ...(isObject(before) ? before : {}), status, description };
  const text = JSON.stringify({ ...record.stored, info });
  const release = Buffer.from(gzipSync(text).toString("base64")).toString("base64");
  const { labels, ...metadata } = secret.metadata;
  return { ...secret, metadata: { ...metadata, labels: { ...labels, status } }, data: { release } };
}

function unreadable(secret: string): LecternError {
  return new LecternError({
    code: "unreadable-record",
    severity: "error",
    message: `the Secret ${secret} is not a record of Helm's that can be read`,
    remedy: "Check it with `helm history`, and restore it from a backup or delete it",
  });
}
