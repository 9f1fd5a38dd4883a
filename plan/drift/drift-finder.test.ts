import { describe, expect, it } from "vitest";
import { NOT_LOOKED_FOR } from "../../components/hub/drift/release-drift-contract.ts";
import type { Difference } from "./drift.ts";
import { DriftFinder, type SeenEvent } from "./drift-finder.ts";
import type { SeenState } from "./found.ts";

const OWN = "pulumi-nodejs:dynamic/lectern:";
const urnOf = (type: string, name: string) => `urn:pulumi:prod::lectern::${type}::${name}`;
const HUB = urnOf("lectern:hub:Hub", "campus/prod");

interface Seen {
  readonly type: string;
  readonly name?: string;
  readonly parent?: string;
  readonly old?: Partial<SeenState>;
  /** Null where it is gone. */
  readonly now: Partial<SeenState> | null;
  readonly detailedDiff?: Readonly<Record<string, { readonly diffKind: string }>>;
  /** What the program plans; undefined where it does not get there. */
  readonly plan?: { readonly op: string; readonly inputs?: object };
  /** What the refresh is called once it has ended. */
  readonly ended?: string;
}

/** The events of a refreshed preview of one resource. */
function eventsOf({
  type,
  name = "python",
  now,
  old = {},
  detailedDiff,
  plan,
  ended = "refresh",
  ...seen
}: Seen) {
  const parent = seen.parent ?? "";
  const [urn, state] = [urnOf(type, name), { parent, inputs: {}, outputs: {} }];
  const metadata = { urn, type, old: { ...state, ...old } };
  const found = {
    ...metadata,
    op: ended,
    ...(now === null ? {} : { new: { ...state, ...now } }),
    ...(detailedDiff ? { detailedDiff } : {}),
  };
  const planned = plan && { ...metadata, op: plan.op, new: { ...state, inputs: { ...plan.inputs } } };
  return [
    { resourcePreEvent: { metadata: { ...metadata, op: "refresh" } } },
    { resOutputsEvent: { metadata: found } },
    ...(planned
      ? [{ resourcePreEvent: { metadata: planned } }, { resOutputsEvent: { metadata: planned } }]
      : []),
  ] satisfies SeenEvent[];
}

function differencesOf(...seen: readonly Seen[]): readonly Difference[] {
  const finder = new DriftFinder();
  for (const event of seen.flatMap(eventsOf)) finder.note(event);
  return finder.differences;
}

const kernel = (drift: readonly string[], op = "update"): Seen => ({
  type: `${OWN}Kernelspec`,
  parent: urnOf("lectern:kernel:Kernel", "python"),
  now: { outputs: { drift } },
  plan: { op },
});

const EDIT = {
  kind: "changed",
  object: "ConfigMap hub",
  field: "data.motd",
  manager: "kubectl-edit",
  time: "2026-11-20T09:12:00Z",
};
const release = (inputs: object | undefined, edits: readonly object[] = [EDIT], before = {}): Seen => ({
  type: `${OWN}ReleaseDrift`,
  name: "campus/prod",
  parent: HUB,
  old: { inputs: before },
  now: { outputs: { edits } },
  ...(inputs ? { plan: { op: "same", inputs } } : {}),
});

describe("what a refresh finds", () => {
  it.each<[string, Seen]>([
    ["is as it was", { type: `${OWN}QbraidKernel`, old: { outputs: { a: 1 } }, now: { outputs: { a: 1 } } }],
    ["has no drift in a kernel's own words", kernel([])],
    ["has no edits", release({}, [])],
    [
      "are nodes, which come and go",
      { type: `${OWN}PrepullReadiness`, old: { outputs: { held: 1 } }, now: { outputs: { held: 2 } } },
    ],
    [
      "is the number of placeholders, which every tick decides",
      {
        type: "kubernetes:apps/v1:Deployment",
        name: "campus/prod/python",
        parent: urnOf("lectern:cluster:Cluster$lectern:cluster:WarmUp", "campus"),
        now: {},
        detailedDiff: { "spec.replicas": { diffKind: "update" } },
      },
    ],
    [
      "is a status, which a package's provider does not count",
      { type: "kubernetes:apps/v1:DaemonSet", now: { outputs: { status: 1 } } },
    ],
  ])("is no drift where it %s", (_, seen) => {
    expect(differencesOf({ ...seen, plan: { op: "same" } })).toEqual([]);
  });

  it("is a kernel's drift, in the words that its hosts are told with", () => {
    expect(differencesOf(kernel(["host-1: kernel.json was changed"]))).toEqual([
      {
        thing: "Kernel python",
        change: "changed",
        detail: "host-1: kernel.json was changed",
        fate: "refresh",
      },
    ]);
  });

  it("is a hub's edit, with object, field, who and when", () => {
    const { kind, ...edit } = EDIT;
    expect(differencesOf(release({ accept: [], held: false }))).toEqual([
      { thing: "Hub campus/prod", change: kind, ...edit, fate: "undone" },
    ]);
  });

  it("is an alias that somebody moved or removed", () => {
    const [applied, digest] = [`sha256:${"1".repeat(64)}`, `sha256:${"2".repeat(64)}`];
    const places = {
      "ghcr.io/x/a": { applied, digest },
      "ghcr.io/x/b": { applied },
      "ghcr.io/x/c": { applied, digest: applied },
    };
    const found = differencesOf({
      type: `${OWN}ImageAlias`,
      name: "science",
      now: { outputs: { alias: "recommended", places } },
      plan: { op: "update" },
    });
    expect(found.map(({ thing, change, detail }) => ({ thing, change, detail }))).toEqual([
      {
        thing: "ImageAlias science",
        change: "changed",
        detail: "ghcr.io/x/a:recommended names sha256:222222222222, and sha256:111111111111 was deployed",
      },
      { thing: "ImageAlias science", change: "removed", detail: "ghcr.io/x/b:recommended is gone" },
    ]);
  });

  it.each(["refresh", "delete"])("is a resource that is gone, which the engine ends as %s", (ended) => {
    const seen = {
      type: "kubernetes:core/v1:Namespace",
      name: "jupyterhub",
      now: null,
      plan: { op: "create" },
      ended,
    };
    expect(differencesOf(seen)).toEqual([{ thing: "Namespace jupyterhub", change: "gone", fate: "refresh" }]);
  });

  it.each(["refresh", "update"])("is what a package's provider finds, by field, ended as %s", (ended) => {
    const detailedDiff = {
      "spec.template.spec.nodeSelector": { diffKind: "update" },
      "metadata.labels.x": { diffKind: "add" },
      "spec.paused": { diffKind: "delete-replace" },
    };
    const seen = { type: "kubernetes:apps/v1:DaemonSet", name: "prepull", now: {}, detailedDiff, ended };
    expect(differencesOf(seen).map(({ field, change }) => `${field} ${change}`)).toEqual([
      "spec.template.spec.nodeSelector changed",
      "metadata.labels.x added",
      "spec.paused removed",
    ]);
  });

  it("is by path, and never a value, where a kind does not tell it itself", () => {
    const old = { outputs: { imageUri: "canary-1" } };
    const found = differencesOf({
      type: `${OWN}QbraidKernel`,
      old,
      now: { outputs: { imageUri: "canary-2" } },
    });
    expect(found).toEqual([
      { thing: "QbraidKernel python", change: "changed", field: "imageUri", fate: "refresh" },
    ]);
  });

  it("is no drift where only the repository is ahead of what is deployed", () => {
    const state = { parent: "", inputs: {}, outputs: {} };
    const metadata = {
      urn: urnOf(`${OWN}Article`, "bell"),
      type: `${OWN}Article`,
      op: "update",
      old: state,
      new: state,
    };
    const finder = new DriftFinder();
    finder.note({ resourcePreEvent: { metadata } });
    finder.note({ resOutputsEvent: { metadata } });
    expect(finder.differences).toEqual([]);
  });
});

describe("what becomes of a difference", () => {
  const accept = [{ object: "ConfigMap hub", field: "data", reason: "maintenance" }];
  const fates = (seen: Seen) => differencesOf(seen).map(({ fate, reason }) => [fate, reason]);

  it.each<[string, Seen, unknown]>([
    ["it is undone", release({}), ["undone", undefined]],
    ["it is accepted, with the reason", release({ accept }), ["accepted", "maintenance"]],
    [
      "it is accepted of a hub that is held, too",
      release({ accept, held: true }),
      ["accepted", "maintenance"],
    ],
    ["it stays while the hub is held", release({ held: true }), ["held", undefined]],
    [
      "the rules of the last deployment hold where the program fails before it",
      release(undefined, [EDIT], { accept }),
      ["accepted", "maintenance"],
    ],
    [
      "another resource is undone by a refresh where something is planned for it",
      kernel(["x"]),
      ["refresh", undefined],
    ],
    ["another resource is held where nothing is planned for it", kernel(["x"], "same"), ["held", undefined]],
  ])("%s", (_, seen, expected) => {
    expect(fates(seen)).toEqual([expected]);
  });

  it("is decided for each edit alone", () => {
    const gone = { kind: "gone", object: "Secret hub" };
    expect(fates(release({ accept }, [EDIT, gone]))).toEqual([
      ["accepted", "maintenance"],
      ["undone", undefined],
    ]);
  });
});

it("what the preview could not compare is told, with its cause", () => {
  const finder = new DriftFinder();
  const message = `campus/prod/prod: ${NOT_LOOKED_FOR}the cluster does not answer\n`;
  finder.note({ diagnosticEvent: { message } });
  finder.note({ diagnosticEvent: { message: "a warning" } });
  expect(finder.notLookedFor).toEqual([message.trim()]);
});
