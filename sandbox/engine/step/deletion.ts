import { messageOf, report, type Session } from "../session.ts";
import { dependenciesOf, type ResourceState } from "../state/deployment.ts";
import { isProviderType, nameOf } from "../value/urn.ts";
import { mapObject, reveal, UNKNOWN } from "../value/values.ts";
import { adapterResource, isServed, StepFailed } from "./steps.ts";

/**
 * Deletes what the run has left over: each resource after everything that needs it. What a failed
 * resource needs stays.
 */
export async function deleteRest(session: Session): Promise<void> {
  const { journal, gate } = session;
  const condemned = journal.rest.filter((state) => isCondemned(session, state));
  const unwanted = untargetedAmong(session, condemned);
  if (unwanted.length > 0) return;
  const kept = neededBy(gate.failed, journal.rest);
  const done = new Map<ResourceState, Promise<boolean>>();
  const remove = (state: ResourceState): Promise<boolean> => {
    const known = done.get(state);
    if (known) return known;
    const dependents = condemned.filter((other) => other !== state && needs(other, state));
    const result = Promise.all(dependents.map(remove)).then((gone) =>
      gone.every(Boolean) && !kept.has(state.urn) ? removeOne(session, state) : false,
    );
    done.set(state, result);
    return result;
  };
  await Promise.all(condemned.map(remove));
}

function isCondemned({ targets, journal }: Session, state: ResourceState): boolean {
  if (!targets.limited) return true;
  if (isProviderType(state.type)) return false;
  if (targets.includes(state.urn)) return true;
  const targeted = journal.rest.filter((other) => targets.includes(other.urn));
  return targeted.some((other) => dependents(other, journal.rest).has(state));
}

/** With targets, nothing but them is deleted: what else would have to go is an error. */
function untargetedAmong(
  { targets, reporter, gate }: Session,
  condemned: readonly ResourceState[],
): ResourceState[] {
  const others = condemned.filter((state) => targets.limited && !targets.includes(state.urn));
  for (const { urn } of others) {
    reporter.say("error", "it would be deleted too, as it needs a target, but is not a target itself", urn);
    gate.fail(urn);
  }
  return others;
}

const needs = (state: ResourceState, other: ResourceState): boolean =>
  dependenciesOf(state).includes(other.urn);

/** What needs a resource, directly or not. */
function dependents(root: ResourceState, among: readonly ResourceState[]): Set<ResourceState> {
  const found = new Set<ResourceState>();
  const urns = new Set([root.urn]);
  // A resource comes after what it needs, so one pass is enough.
  for (const state of among) {
    if (state === root || !dependenciesOf(state).some((urn) => urns.has(urn))) continue;
    found.add(state);
    urns.add(state.urn);
  }
  return found;
}

/** The URNs that the failed resources need, directly or not. */
function neededBy(failed: ReadonlySet<string>, among: readonly ResourceState[]): Set<string> {
  const needed = new Set(failed);
  for (const state of [...among].reverse()) {
    if (needed.has(state.urn)) for (const urn of dependenciesOf(state)) needed.add(urn);
  }
  return needed;
}

/** One that no program has asked for; an explicit one is a resource as others are. */
const isDefaultProvider = ({ type, urn }: ResourceState) =>
  isProviderType(type) && /^default(_|$)/.test(nameOf(urn));

/** @returns whether it is gone */
async function removeOne(session: Session, state: ResourceState): Promise<boolean> {
  const { journal, reporter, gate, dryRun } = session;
  // What is gone already, the engine's own, and what is someone else's is only forgotten.
  if (state.pendingReplacement || isDefaultProvider(state) || state.external) {
    if (!gate.open) return false;
    await journal.drop(state);
    return true;
  }
  if (state.protect && !state.delete) {
    const message = `it is protected and can't be deleted; to delete it, first run \`pulumi state unprotect '${state.urn}'\``;
    reporter.rejected(report("delete", state), [message]);
    gate.failed.add(state.urn);
    return false;
  }
  return session.limit(async () => {
    if (!gate.open) return false;
    const done = reporter.begin(report(state.delete ? "delete-replaced" : "delete", state));
    try {
      if (!dryRun) await callDelete(session, state);
      await journal.drop(state);
      done();
      return true;
    } catch (error) {
      await journal.flush();
      done({ error: messageOf(error) });
      gate.fail(state.urn);
      return false;
    }
  });
}

async function callDelete(session: Session, state: ResourceState): Promise<void> {
  if (!isServed(state) || state.retainOnDelete) return;
  const adapter = await session.providers.adapter(state.type);
  const resource = adapterResource(session, state);
  await session.journal.during("deleting", state, async () =>
    adapter.delete?.(resource, state.id ?? "", reveal(state.outputs ?? {})),
  );
}

/**
 * Deletes a resource before its replacement is created, and before it whatever can't do without it:
 * those dependents whose own diff asks for a replacement once the values they took from it change.
 * @returns the state that represents it until the replacement is there
 */
export async function deleteForReplacement(session: Session, old: ResourceState): Promise<ResourceState> {
  const affected = await replacedWith(session, old);
  for (const dependent of affected.reverse()) {
    if (dependent.protect) {
      throw new Error(`${dependent.urn} would have to be replaced with it but is protected`);
    }
    await deleteForNow(session, dependent);
  }
  return deleteForNow(session, old);
}

async function replacedWith(session: Session, root: ResourceState): Promise<ResourceState[]> {
  const replaced = [root];
  for (const state of dependents(root, session.journal.rest)) {
    if (isServed(state) && !state.external && !state.delete && (await mustFollow(session, state, replaced))) {
      replaced.push(state);
    }
  }
  return replaced.slice(1);
}

async function mustFollow(
  session: Session,
  state: ResourceState,
  replaced: readonly ResourceState[],
): Promise<boolean> {
  const urns = new Set(replaced.map(({ urn }) => urn));
  const changing = (key: string) => (state.propertyDependencies?.[key] ?? []).some((urn) => urns.has(urn));
  const inputs = state.inputs ?? {};
  if (!Object.keys(inputs).some(changing)) return false;
  const news = reveal(mapObject(inputs, (value, key) => (changing(key) ? UNKNOWN : value)));
  const adapter = await session.providers.adapter(state.type);
  const resource = adapterResource(session, state);
  const olds = reveal(state.outputs ?? {});
  const diff = await adapter.diff?.(resource, state.id ?? "", olds, news, reveal(inputs));
  return (diff?.replaces ?? []).length > 0;
}

async function deleteForNow(session: Session, state: ResourceState): Promise<ResourceState> {
  const done = session.reporter.begin(report("delete-replaced", state));
  try {
    if (!session.dryRun) await callDelete(session, state);
  } catch (error) {
    await session.journal.flush();
    done({ error: messageOf(error) });
    throw new StepFailed();
  }
  const pending = { ...state, pendingReplacement: true };
  await session.journal.revise(state, pending);
  session.journal.olds.set(state.urn, pending);
  done();
  return pending;
}
