import type { ProviderContext } from "../../resource/context/context.ts";
import type { BoundProvider, Properties } from "../../resource/provide.ts";
import { PartialFailure } from "../../resource/provider.ts";

/** For tests: what an engine does with one custom resource. */
/** What the engine has saved of a resource. */
export interface Saved {
  readonly id: string;
  readonly inputs: Properties;
  readonly outs: Properties;
  readonly failed: boolean;
}

/** Where a provider runs, and whether it was killed. */
export interface Running {
  readonly context: ProviderContext;
  readonly dead: () => boolean;
}

/** What check and diff answer; failures are thrown as the engine shows them. */
export async function step(
  provider: BoundProvider,
  saved: Saved | undefined,
  news: Properties,
  context: ProviderContext,
): ReturnType<BoundProvider["diff"]> {
  await check(provider, saved?.inputs ?? {}, news, context);
  if (!saved) return { changes: true };
  return provider.diff(saved.id, saved.outs, news, context);
}

async function check(provider: BoundProvider, olds: Properties, news: Properties, context: ProviderContext) {
  const failures = (await provider.check(olds, news, context)).failures;
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
}

/** One resource of a deployment; `keep` saves, and is not reached by a run that was killed. */
export async function deploy(
  provider: BoundProvider,
  saved: Saved | undefined,
  news: Properties,
  running: Running,
  keep: (saved: Saved | undefined) => void,
): Promise<void> {
  const { context, dead } = running;
  const save = (next: Saved | undefined) => {
    if (dead()) throw new Error("dead");
    keep(next);
  };
  let before = saved;
  const { changes, replaces = [], deleteBeforeReplace } = await step(provider, saved, news, context);
  if (before && !changes && !before.failed) return save({ ...before, inputs: wire(news) });
  if (before && replaces.length > 0 && deleteBeforeReplace) {
    await check(provider, {}, news, context);
    await provider.delete(before.id, before.outs, context);
    before = undefined;
    save(undefined);
  }
  try {
    const made = before
      ? { id: before.id, ...(await provider.update(before.id, before.outs, wire(news), context)) }
      : await provider.create(wire(news), context);
    save({ id: made.id, inputs: wire(news), outs: wire(made.outs), failed: false });
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    save({ id: error.id, inputs: wire(news), outs: wire(error.properties), failed: true });
    throw error;
  }
}

/** As it comes back from the engine: JSON, without undefined. */
export function wire(properties: object): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}
