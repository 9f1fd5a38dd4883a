import type { Side } from "./cluster-gate.ts";

/** What a request to the API server does, and what is in its body. */
export interface Request {
  readonly does: RegExp;
  readonly body?: RegExp;
}

/** A moment of a deployment: the hub is held there until the engine is killed. */
export interface Moment {
  /** What has happened to the hub. */
  readonly when: string;
  /** The hub that is held there. */
  readonly hub: string;
  /** The request to the API server at which it is held; undefined for the first one to the hub's health endpoint. */
  readonly at: (Request & { readonly side: Side }) | undefined;
  /** The request before which it waits until the other hubs are where they are held: Lectern gives up its own requests. */
  readonly waits?: Request;
  /** What the cluster has of it then. */
  readonly left: Left;
  /** What the next deployment says; undefined where it heals nothing. */
  readonly healed?: RegExp;
}

export interface Left {
  readonly lease: "none" | "free" | "install" | "upgrade";
  /** The status of the newest two revisions. */
  readonly revisions: readonly string[];
  /** Of an installation: the last of its objects that is there, in the order in which Helm creates them. */
  readonly last?: string;
  /** Of an upgrade: which objects are changed. */
  readonly changed?: readonly string[];
  /** The hook's Job that is there. */
  readonly hook?: "before" | "after";
}

const RECORD = { does: /^POST secrets$/ };
const REWRITTEN = /^PUT secrets\/sh\.helm\.release\./;
// As JSON or as protobuf, whichever Helm's client sends.
const DEPLOYED = /status\W{1,4}deployed/;
const SUPERSEDED = /status\W{1,4}superseded/;
const DONE = { does: REWRITTEN, body: DEPLOYED };
const JOB = (name: string) => ({ does: /^POST jobs$/, body: new RegExp(`"name":"${name}"`) });
/** The Lease is written without a holder. */
const SETTLED = { does: /^PUT leases\/lectern-hub$/, body: /^(?!.*"holderIdentity")/ };
const NAMESPACE = { does: /^(POST|PATCH) namespaces$/ };

const INTERRUPTED = /the first installation was interrupted/;
const UNKNOWN_TO_ENGINE = /revision 1 was installed for a run that was interrupted/;

const DEPLOYMENT = "Deployment hub";

const pendingInstall = (last?: string, hook?: "before" | "after") => ({
  left: {
    lease: "install" as const,
    revisions: ["pending-install"],
    ...(last ? { last } : {}),
    ...(hook ? { hook } : {}),
  },
  healed: INTERRUPTED,
});

/** Moments of a first installation, in their order. */
export const INSTALLING = numbered([
  {
    when: "the namespace is created",
    at: { side: "after", ...NAMESPACE },
    left: { lease: "none", revisions: [] },
  },
  {
    when: "the Lease is to be taken",
    at: { side: "before", does: /^POST leases$/ },
    waits: NAMESPACE,
    left: { lease: "none", revisions: [] },
  },
  {
    when: "the Lease is taken",
    at: { side: "after", does: /^POST leases$/ },
    waits: NAMESPACE,
    left: { lease: "upgrade", revisions: [] },
  },
  {
    when: "the record is to be written",
    at: { side: "before", ...RECORD },
    left: { lease: "install", revisions: [] },
  },
  { when: "the record is pending", at: { side: "after", ...RECORD }, ...pendingInstall() },
  {
    when: "the hook before it is running",
    at: { side: "after", ...JOB("before") },
    ...pendingInstall(undefined, "before"),
  },
  {
    when: "the first object is there",
    at: { side: "after", does: /^POST networkpolicies$/ },
    ...pendingInstall("NetworkPolicy hub"),
  },
  {
    when: "half of the objects are there",
    at: { side: "after", does: /^POST persistentvolumeclaims$/ },
    ...pendingInstall("PersistentVolumeClaim hub-db-dir"),
  },
  {
    when: "all objects are there and the record is pending",
    at: { side: "after", does: /^POST deployments$/ },
    ...pendingInstall(DEPLOYMENT),
  },
  {
    when: "the hook after it is running",
    at: { side: "after", ...JOB("after") },
    ...pendingInstall(DEPLOYMENT, "after"),
  },
  {
    when: "the record is to say that it is deployed",
    at: { side: "before", ...DONE },
    ...pendingInstall(DEPLOYMENT),
  },
  {
    when: "the record says that it is deployed",
    at: { side: "after", ...DONE },
    left: { lease: "install", revisions: ["deployed"], last: DEPLOYMENT },
    healed: UNKNOWN_TO_ENGINE,
  },
  {
    when: "the engine knows it and the Lease is to be freed",
    at: { side: "before", ...SETTLED },
    waits: DONE,
    left: { lease: "install", revisions: ["deployed"], last: DEPLOYMENT },
    healed: UNKNOWN_TO_ENGINE,
  },
  {
    when: "the Lease is free and the health is checked",
    at: undefined,
    waits: DONE,
    left: { lease: "free", revisions: ["deployed"], last: DEPLOYMENT },
  },
]);

const SECRET = "Secret hub";
const EXTRA = "ConfigMap extra";
const CONFIG = "ConfigMap hub";
const PROXY = "ConfigMap proxy";
const ALL = [SECRET, EXTRA, CONFIG, PROXY, DEPLOYMENT];

const pendingUpgrade = (changed: readonly string[], hook?: "before" | "after") => ({
  left: {
    lease: "upgrade" as const,
    revisions: ["deployed", "pending-upgrade"],
    changed,
    ...(hook ? { hook } : {}),
  },
  healed: /revision 2 \(pending-upgrade\) was interrupted: the release is at revision 1 again/,
});

const upgraded = (lease: Left["lease"]) => ({
  left: { lease, revisions: ["superseded", "deployed"], changed: ALL },
});

/** The moment that comes only where an upgrade removes what it adds to the other hubs. */
const REMOVED = "an object is deleted";

/** Moments of an upgrade, in their order. */
export const UPGRADING = numbered([
  {
    when: "the record is to be written",
    at: { side: "before", ...RECORD },
    left: { lease: "upgrade", revisions: ["deployed"], changed: [] },
  },
  { when: "the record is pending", at: { side: "after", ...RECORD }, ...pendingUpgrade([]) },
  {
    when: "the hook before it is running",
    at: { side: "after", ...JOB("before") },
    ...pendingUpgrade([], "before"),
  },
  {
    when: "the first object is changed",
    at: { side: "after", does: /^PATCH secrets\/hub$/ },
    ...pendingUpgrade([SECRET]),
  },
  {
    when: "most objects are changed",
    at: { side: "after", does: /^PATCH configmaps\/proxy$/ },
    ...pendingUpgrade([SECRET, CONFIG, PROXY]),
  },
  {
    when: "an object is created",
    at: { side: "after", does: /^POST configmaps$/ },
    ...pendingUpgrade([SECRET, EXTRA, CONFIG, PROXY]),
  },
  {
    when: "all objects are changed and the record is pending",
    at: { side: "after", does: /^PATCH deployments\/hub$/ },
    ...pendingUpgrade(ALL),
  },
  {
    when: REMOVED,
    at: { side: "after", does: /^DELETE configmaps\/extra$/ },
    ...pendingUpgrade(ALL),
  },
  {
    when: "the hook after it is running",
    at: { side: "after", ...JOB("after") },
    ...pendingUpgrade(ALL, "after"),
  },
  {
    when: "the hook after it has ended and is deleted",
    at: { side: "after", does: /^DELETE jobs\/after$/ },
    ...pendingUpgrade(ALL),
  },
  {
    when: "the last revision is superseded and the new one is pending",
    at: { side: "after", does: REWRITTEN, body: SUPERSEDED },
    left: { lease: "upgrade", revisions: ["superseded", "pending-upgrade"], changed: ALL },
    healed: /revision 2 \(pending-upgrade\) was interrupted: the release is at revision 1 again/,
  },
  {
    when: "the record says that it is deployed",
    at: { side: "after", ...DONE },
    ...upgraded("upgrade"),
  },
  {
    when: "the engine knows it and the Lease is to be freed",
    at: { side: "before", ...SETTLED },
    waits: DONE,
    ...upgraded("upgrade"),
  },
  {
    when: "the Lease is free and the health is checked",
    at: undefined,
    waits: DONE,
    ...upgraded("free"),
  },
]);

/** The hub from which an upgrade removes what it adds to the others. */
export const REMOVING = UPGRADING.find(({ when }) => when === REMOVED)?.hub;

/** Gives each moment a hub. */
function numbered(moments: readonly Omit<Moment, "hub">[]): readonly Moment[] {
  return moments.map((moment, index) => ({ ...moment, hub: `hub-${index + 1}` }));
}
