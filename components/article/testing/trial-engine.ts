import {
  type CustomResourceProvider,
  type Host,
  PartialFailure,
  type Properties,
} from "../../resource/provider.ts";

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
  readonly host: Host;
  readonly dead: () => boolean;
}

/** What check and diff say; failures are thrown as the engine shows them. */
export async function step(
  provider: CustomResourceProvider,
  saved: Saved | undefined,
  news: Properties,
  host: Host,
) {
  await check(provider, saved?.inputs ?? {}, news, host);
  if (!saved) return { changes: true };
  return provider.diff(saved.id, saved.outs, news, host);
}

async function check(provider: CustomResourceProvider, olds: Properties, news: Properties, host: Host) {
  const failures = (await provider.check?.(olds, news, host))?.failures ?? [];
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
}

/** One resource of a deployment; `keep` saves, and is not reached by a run that was killed. */
export async function deploy(
  provider: CustomResourceProvider,
  saved: Saved | undefined,
  news: Properties,
  running: Running,
  keep: (saved: Saved | undefined) => void,
): Promise<void> {
  const { host, dead } = running;
  const save = (next: Saved | undefined) => {
    if (dead()) throw new Error("dead");
    keep(next);
  };
  let before = saved;
  const {
    changes,
    replaces = [],
    deleteBeforeReplace,
  } = (await step(provider, saved, news, host)) as Awaited<ReturnType<CustomResourceProvider["diff"]>>;
  if (before && !changes && !before.failed) return save({ ...before, inputs: wire(news) });
  if (before && replaces.length > 0 && deleteBeforeReplace) {
    await check(provider, {}, news, host);
    await provider.delete?.(before.id, before.outs, host);
    before = undefined;
    save(undefined);
  }
  try {
    const made = before
      ? { id: before.id, ...(await provider.update?.(before.id, before.outs, wire(news), host)) }
      : await provider.create(wire(news), host);
    save({ id: made.id, inputs: wire(news), outs: wire(made.outs ?? {}), failed: false });
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    save({ id: error.id, inputs: wire(news), outs: wire(error.properties), failed: true });
    throw error;
  }
}

/** As it comes back from the engine: JSON, without undefined. */
export function wire(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}
