import { formatProblem, LecternError } from "../../problem/problem.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { type Inputs, knownInputs, type State, UNKNOWN } from "../../resource/contract.ts";
import { provide } from "../../resource/provide.ts";
import { PartialFailure } from "../../resource/provider.ts";
import { apiOf, type KubernetesApi } from "../release/api/kubernetes-api.ts";
import { acknowledge } from "../release/lease/healing.ts";
import { begunOf, hold, holdForRemoval, idOf } from "../release/lease/holding.ts";
import { deployedRecord } from "../release/record/release-history.ts";
import type { ReleaseRecord } from "../release/record/release-record.ts";
import { hasOtherSettings } from "../release/release-target.ts";
import { type Sorted, sortEdits } from "./comparison/accepted.ts";
import { type Edit, editText, type FoundEdit } from "./comparison/edits.ts";
import { NOT_LOOKED_FOR, releaseDriftContract } from "./release-drift-contract.ts";
import { restore } from "./restore.ts";
import { editsIn, type Missing, missingIn, type Survey, survey } from "./survey.ts";

type DriftInputs = Inputs<typeof releaseDriftContract>;
type DriftState = State<typeof releaseDriftContract>;

/**
 * Compares the objects of a release with Helm's newest record of it: what somebody edited is shown in a plan and
 * put back by the next deployment, but for what is accepted. It needs to get the objects, and nothing more, to
 * find it.
 */
export const releaseDriftProvider = provide(releaseDriftContract, {
  async diff(state, planned, context) {
    const wanted = knownInputs<DriftInputs>({ ...planned, change: knownChange(planned.change) });
    if (wanted === undefined) return { change: "update" };
    if (idOf(wanted) !== idOf(state))
      return { change: "replace", because: ["cluster", "namespace", "release"] };
    const isDue = await reported(state, wanted, context);
    const isChanged = planned.change !== state.change || hasOtherSettings(state, wanted);
    return { change: isDue || isChanged ? "update" : "none" };
  },

  async create(wanted, context) {
    const look = await (wanted.held ? surveyedBy(wanted, context) : settled(wanted, context));
    // A fresh release has no edits. Those of one that is taken over are shown before they are undone.
    const edits = editsIn(look, wanted.namespace, undefined);
    return { id: idOf(wanted), state: stateOf(wanted, look, { edits, missing: missingIn(look) }) };
  },

  async update(id, state, wanted, context) {
    if (wanted.held) return whileHeld(state, wanted, context);
    const look = await settled(wanted, context);
    const missing = missingOf(state, look.record);
    const sorted = sortEdits(editsIn(look, wanted.namespace, missing), wanted.accept, namesIn(look));
    await putBack(look, sorted, wanted);
    const after = await surveyed(look.api, wanted);
    const left = sortEdits(editsIn(after, wanted.namespace, missing), wanted.accept, namesIn(after));
    const found = {
      edits: [...left.kept, ...left.undone],
      missing: missing ?? missingIn(after),
      restored: sorted.undone,
    };
    const next = stateOf(wanted, after, found);
    if (left.undone.length > 0) throw new PartialFailure(id, next, left.undone.map(notPutBack));
    for (const edit of sorted.undone)
      context.report({ severity: "info", resource: id, message: `put back: ${editText(edit)}` });
    return next;
  },

  // The release itself goes next.
  async delete(_id, state, context) {
    await holdForRemoval({ ...state, api: await apiOf(state, context) }, context);
  },

  async read(_id, state, context) {
    const api = await apiOf(state, context);
    const record = await deployedRecord(api, state);
    // Somebody has uninstalled it: with this gone, too, the next deployment looks at what it installs again.
    if (record === undefined) return "gone";
    return withEdits(state, await lookAt(api, record, state));
  },
});

/** A change that is not known yet is one; the objects are compared all the same. */
const knownChange = (change: DriftInputs["change"] | typeof UNKNOWN) => (change === UNKNOWN ? "" : change);

interface Look extends Survey {
  readonly api: KubernetesApi;
  readonly record: ReleaseRecord;
}

async function surveyed(
  api: KubernetesApi,
  name: Pick<DriftInputs, "cluster" | "namespace" | "release">,
): Promise<Look> {
  const record = await deployedRecord(api, name);
  if (record === undefined) throw noRelease(name);
  return lookAt(api, record, name);
}

async function lookAt(
  api: KubernetesApi,
  record: ReleaseRecord,
  { namespace }: Pick<DriftInputs, "namespace">,
): Promise<Look> {
  return { ...(await survey(api, record, namespace)), api, record };
}

const surveyedBy = async (
  target: Pick<DriftInputs, "cluster" | "context" | "kubeconfig" | "namespace" | "release">,
  context: ProviderContext,
) => surveyed(await apiOf(target, context), target);

/** The release is deployed and the engine knows it, so nobody needs to hold it any longer. */
async function settled(wanted: DriftInputs, context: ProviderContext): Promise<Look> {
  const api = await apiOf(wanted, context);
  const holding = await hold({ ...wanted, api }, context);
  await acknowledge(api, wanted);
  const look = await surveyed(api, wanted);
  await holding.settle();
  return look;
}

/** Nothing is changed of a hub that is held. What a run that was killed left of it is healed, so its Lease is free again. */
async function whileHeld(state: DriftState, wanted: DriftInputs, context: ProviderContext) {
  const api = await apiOf(wanted, context);
  const isSettled = (await begunOf(api, wanted)) === undefined;
  return withEdits(state, await (isSettled ? surveyed(api, wanted) : settled(wanted, context)));
}

/** What is known to be missing in a revision; undefined for one that this did not see deployed. */
const missingOf = ({ revision, missing }: DriftState, record: ReleaseRecord) =>
  record.revision === revision ? missing : undefined;

const namesIn = ({ objects }: Survey) => objects.map(({ name }) => name);

/** The edits that are there. */
const editsFound = (state: DriftState, look: Look) =>
  editsIn(look, state.namespace, missingOf(state, look.record));

const withEdits = (state: DriftState, look: Look) => ({
  ...state,
  edits: editsFound(state, look).map(plain),
});

/**
 * Looks for edits and reports them; where the cluster can't say, reports that.
 * @returns whether they are to be undone, or, of a hub that is held, whether they are others than those noted; true,
 * too, where the Lease is not seen through, although the release itself does not change any more
 */
async function reported(state: DriftState, wanted: DriftInputs, context: ProviderContext): Promise<boolean> {
  const resource = idOf(wanted);
  const warn = (message: string) => context.report({ severity: "warning", resource, message });
  try {
    const look = await surveyedBy(wanted, context);
    const all = editsFound(state, look);
    const { undone, idle } = sortEdits(all, wanted.accept, namesIn(look));
    const consequence = wanted.held ? "it stays while the hub is held" : "the next deployment puts it back";
    for (const edit of undone) warn(`${editText(edit)}; ${consequence}`);
    for (const message of idle) warn(message);
    if (wanted.held ? textsOf(all) !== textsOf(state.edits) : undone.length > 0) return true;
    return (await begunOf(look.api, wanted)) !== undefined;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    warn(`${NOT_LOOKED_FOR}${error.problems.map(formatProblem).join(" ")}`);
    return false;
  }
}

const textsOf = (edits: readonly Edit[]) => edits.map(editText).sort().join("\n");

async function putBack(look: Look, { undone, kept }: Sorted<FoundEdit>, wanted: DriftInputs): Promise<void> {
  for (const { name, manifest } of look.objects) {
    const edits = undone.filter(({ object }) => object === name);
    if (edits.length === 0) continue;
    const left = kept.filter(({ object, kind }) => object === name && kind !== "added");
    const added = edits.filter(({ kind }) => kind === "added");
    const restoration = {
      manifest,
      left: left.map(({ path }) => path),
      removed: added.map(({ path }) => path),
    };
    await restore(look.api, restoration, wanted, look.manager);
  }
}

function stateOf(
  { accept: _accept, held: _held, ...target }: DriftInputs,
  { record }: Look,
  found: { edits: readonly Edit[]; missing: Missing; restored?: readonly Edit[] },
) {
  const { edits, missing, restored = [] } = found;
  return {
    ...target,
    revision: record.revision,
    edits: edits.map(plain),
    restored: restored.map(plain),
    missing,
  };
}

const plain = ({ kind, object, field, manager, time }: Edit): Edit => ({
  kind,
  object,
  field,
  manager,
  time,
});

const notPutBack = (edit: Edit) =>
  `${editText(edit)}, and it is not as it was deployed although it was put back. Find out what changes it, or accept it in cluster.yaml`;

function noRelease({ cluster, namespace, release }: Pick<DriftInputs, "cluster" | "namespace" | "release">) {
  return new LecternError({
    code: "no-release",
    severity: "error",
    message: `the namespace ${namespace} of the cluster ${cluster} has no deployed release ${release} in Helm's records`,
    remedy: "Run `pulumi refresh`, so that the next deployment installs it again",
  });
}
