import { messageOf, report, type Session } from "../session.ts";
import type { ResourceState } from "../state/deployment.ts";
import { changedPaths, identical, keepSecrets, type PropertyMap, reveal } from "../value/values.ts";
import { adapterResource, isServed, withOutputs } from "./steps.ts";

/** Asks the providers how the resources are, and puts what they say into the state. The program does not run. */
export async function refresh(session: Session): Promise<void> {
  const { journal, targets, gate, limit } = session;
  const all = journal.rest.filter((state) => targets.includes(state.urn));
  await Promise.all(
    all.map((state) => limit(() => (gate.open && isRead(state) ? refreshOne(session, state) : undefined))),
  );
  if (!session.dryRun) await forgetGone(session);
}

/** What is to be deleted or replaced anyway is not looked at, nor what is someone else's. */
function isRead(state: ResourceState): boolean {
  return isServed(state) && !state.external && !state.pendingReplacement;
}

async function refreshOne(session: Session, old: ResourceState): Promise<void> {
  const { journal, reporter, gate, providers } = session;
  const done = reporter.begin(report("refresh", old));
  try {
    const adapter = await providers.adapter(old.type);
    const [props, inputs] = [reveal(old.outputs ?? {}), reveal(old.inputs ?? {})];
    const found = adapter.read
      ? await adapter.read(adapterResource(session, old), old.id ?? "", props, inputs)
      : { id: old.id ?? "", props };
    if (found.id === "") {
      await journal.drop(old);
      return done({ op: "delete" });
    }
    const now = refreshed(old, found);
    if (now !== old) await journal.revise(old, now);
    const changed = changedPaths(old.outputs ?? {}, now.outputs ?? {});
    done(changed.length > 0 ? { op: "update", changed } : {});
  } catch (error) {
    done({ error: messageOf(error) });
    gate.fail(old.urn);
  }
}

function refreshed(
  old: ResourceState,
  found: { id: string; props: PropertyMap; inputs?: PropertyMap },
): ResourceState {
  const inputs = found.inputs ? keepSecrets(found.inputs, old.inputs ?? {}) : (old.inputs ?? {});
  const { initErrors, ...healthy } = old;
  const state = withOutputs(
    { ...healthy, id: found.id, inputs },
    keepSecrets(found.props, old.outputs ?? {}),
  );
  const unchanged =
    initErrors === undefined &&
    old.id === found.id &&
    identical(old.inputs ?? {}, inputs) &&
    identical(old.outputs ?? {}, state.outputs ?? {});
  return unchanged ? old : { ...state, modified: new Date().toISOString() };
}

/** Nothing may go on depending on what is gone. */
async function forgetGone({ journal }: Session): Promise<void> {
  const there = new Set(journal.rest.map(({ urn }) => urn));
  const isThere = (urn: string) => there.has(urn);
  for (const state of journal.rest) {
    const dependencies = (state.dependencies ?? []).filter(isThere);
    const byProperty = Object.entries(state.propertyDependencies ?? {}).map(
      ([key, urns]) => [key, urns.filter(isThere)] as const,
    );
    const lost =
      dependencies.length !== (state.dependencies ?? []).length ||
      byProperty.some(([key, urns]) => urns.length !== state.propertyDependencies?.[key]?.length);
    if (!lost) continue;
    await journal.revise(state, {
      ...state,
      dependencies,
      propertyDependencies: Object.fromEntries(byProperty),
    });
  }
}
