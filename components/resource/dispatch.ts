import { noteDeleted } from "./deleted.ts";
import { processHost } from "./host.ts";
import type { CustomResourceProvider, Host, Properties } from "./provider.ts";
import { PartialFailure } from "./provider.ts";

/** How a provider is found: loaded on first use, so that a run pays only for the kinds it has. */
export type ProviderLoader = () => Promise<CustomResourceProvider>;

const PROVIDER_KEY = "__provider";
type Operation = "check" | "diff" | "create" | "read" | "update" | "delete";

/**
 * What the shims forward to. `configure` is called by the SDK once for each kind, always with the
 * same configuration, before the kind's first operation.
 */
export function dispatcher(loaders: Readonly<Record<string, ProviderLoader>>) {
  let host: Host | undefined;
  return {
    configure(config: { get(key: string): string | undefined }): void {
      host = processHost((key) => config.get(key));
    },
    async provider(kind: string, operation: Operation, args: unknown[]): Promise<unknown> {
      const load = loaders[kind];
      if (!load) throw new Error(`lectern:${kind} is not a kind of custom resource of this project`);
      if (!host) throw new Error(`lectern:${kind} was asked to ${operation} before it was configured`);
      return call(await load(), operation, args, host);
    },
  };
}

async function call(
  provider: CustomResourceProvider,
  operation: Operation,
  args: unknown[],
  host: Host,
): Promise<unknown> {
  switch (operation) {
    case "check": {
      const [olds, news] = args as [Properties, Properties];
      return provider.check ? provider.check(olds, news, host) : { inputs: news };
    }
    case "diff":
      return provider.diff(...(args as [string, Properties, Properties]), host);
    case "create": {
      const [inputs] = args as [Properties];
      return keepingProvider(inputs, () => provider.create(inputs, host));
    }
    case "read": {
      const [id, props] = args as [string, Properties];
      const read = provider.read ? await provider.read(id, props, host) : { id, props };
      // The SDK sets the id as it is given, and an empty one says "gone".
      return { ...read, id: read.id ?? "" };
    }
    case "update": {
      const [id, olds, news] = args as [string, Properties, Properties];
      if (!provider.update) throw new Error(`this kind of resource can't be updated`);
      const update = provider.update.bind(provider);
      return keepingProvider(news, () => update(id, olds, news, host));
    }
    case "delete": {
      const [id, props] = args as [string, Properties];
      await provider.delete?.(id, props, host);
      return noteDeleted(host.run, id);
    }
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
