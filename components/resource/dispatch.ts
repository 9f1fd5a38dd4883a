import type { ProviderContext } from "./context/context.ts";
import { engineLog } from "./context/engine-log.ts";
import { processContext, replying } from "./context/process-context.ts";
import type { BoundProvider, Properties } from "./provide.ts";
import { PartialFailure } from "./provider.ts";

/** How a provider is found: loaded on first use, so that a run pays only for the kinds it has. */
export type ProviderLoader = () => Promise<BoundProvider>;

const PROVIDER_KEY = "__provider";
const OPERATIONS = ["check", "diff", "create", "read", "update", "delete"] as const;
type Operation = (typeof OPERATIONS)[number];

export interface Configuration {
  get(key: string): string | undefined;
}

/**
 * What the texts in the state forward to. The SDK configures each text once, before its first operation,
 * always with the same configuration.
 */
export function dispatcher(loaders: Readonly<Record<string, ProviderLoader>>) {
  const log = engineLog();
  let context: Promise<ProviderContext> | undefined;
  const configure = (config: Configuration): void => {
    context ??= valuesOf(config).then((raw) => processContext(raw, log.report));
    // Whoever asks for the context is told.
    context.catch(() => undefined);
  };
  const provider = async (kind: string, operation: Operation, args: unknown[]): Promise<unknown> => {
    const load = loaders[kind];
    if (!load) throw new Error(`lectern:${kind} is not a kind of custom resource of this project`);
    if (!context) throw new Error(`lectern:${kind} was asked to ${operation} before it was configured`);
    const known = await context;
    return replying(async () =>
      // What was reported on the way is shown before the operation ends.
      call(await load(), operation, args, known).finally(() => log.told()),
    );
  };
  return {
    configure,
    /** What the texts of versions before 0.2 call. */
    provider,
    /** The provider of a kind, as the SDK's dynamic provider calls it. */
    shim: (kind: string) => ({
      configure: async ({ config }: { config: Configuration }) => configure(config),
      ...Object.fromEntries(
        OPERATIONS.map((operation) => [operation, (...args: unknown[]) => provider(kind, operation, args)]),
      ),
    }),
  };
}

/** A stack's own values, then those of the environment that it is a part of, whose reader few stacks need. */
async function valuesOf(config: Configuration): Promise<(key: string) => string | undefined> {
  // A key without a namespace would be one of the project, which may have any name.
  const own = (key: string) => config.get(`lectern:${key}`);
  const environment = own("environment");
  if (environment === undefined) return own;
  const { inheritedConfig } = await import("./inherited.ts");
  const { values } = inheritedConfig(environment);
  return (key) => own(key) ?? values[key];
}

async function call(
  bound: BoundProvider,
  operation: Operation,
  args: unknown[],
  context: ProviderContext,
): Promise<unknown> {
  switch (operation) {
    case "check":
      return bound.check(...(args as [Properties, Properties]), context);
    case "diff":
      return bound.diff(...(args as [string, Properties, Properties]), context);
    case "create": {
      const [inputs] = args as [Properties];
      return keepingProvider(inputs, () => bound.create(inputs, context));
    }
    case "read":
      return bound.read(...(args as [string, Properties]), context);
    case "update": {
      const [id, olds, news] = args as [string, Properties, Properties];
      return keepingProvider(news, () => bound.update(id, olds, news, context));
    }
    case "delete":
      return bound.delete(...(args as [string, Properties]), context);
  }
}

/** The SDK keeps the provider's text with what worked, but not with what worked in part. */
async function keepingProvider<T>(props: Properties, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    const properties = { ...error.properties, [PROVIDER_KEY]: props[PROVIDER_KEY] };
    throw new PartialFailure(error.id, properties, error.reasons);
  }
}
