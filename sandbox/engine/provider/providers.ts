import { randomUUID } from "node:crypto";
import { LecternError } from "../../../components/problem/problem.ts";
import type { ResourceState } from "../state/deployment.ts";
import type { Journal } from "../state/journal.ts";
import { createUrn, packageOf, providerType, providerUrn } from "../value/urn.ts";
import { type PropertyMap, reveal, UNKNOWN } from "../value/values.ts";
import type { Adapter } from "./adapter.ts";
import type { DynamicProvider } from "./dynamic-provider.ts";

const DYNAMIC_PACKAGE = "pulumi-nodejs";

export interface ProvidersOptions {
  readonly stack: string;
  readonly project: string;
  readonly dryRun: boolean;
  readonly journal: Journal;
  readonly adapters: Readonly<Record<string, () => Promise<Adapter>>>;
  readonly startDynamic: () => Promise<DynamicProvider>;
}

/** Finds who serves a resource, and keeps the provider resources that Pulumi's state has for that. */
export class Providers {
  readonly #options: ProvidersOptions;
  readonly #loaded = new Map<string, Promise<Adapter>>();
  readonly #references = new Map<string, Promise<string>>();
  #dynamic: Promise<DynamicProvider> | undefined;

  constructor(options: ProvidersOptions) {
    this.#options = options;
  }

  /** Starts the dynamic resources' provider before it is needed, while the program still loads. */
  warm(): void {
    this.#start().catch(() => undefined);
  }

  /** @throws LecternError where nothing here serves the type */
  adapter(type: string): Promise<Adapter> {
    const name = packageOf(type);
    if (name === DYNAMIC_PACKAGE) return this.#start();
    const load = this.#options.adapters[name];
    if (!load) return Promise.reject(missing(type, name));
    const loaded = this.#loaded.get(name) ?? load();
    this.#loaded.set(name, loaded);
    return loaded;
  }

  /** The reference to the package's default provider, which is put into the state when it is first needed. */
  reference(type: string, version: string): Promise<string> {
    const name = packageOf(type);
    const own = version === "" ? "default" : `default_${version.replaceAll(/[.+-]/g, "_")}`;
    const urn = createUrn(this.#options.stack, this.#options.project, "", providerType(name), own);
    const known = this.#references.get(urn) ?? this.#register(urn, name, version);
    this.#references.set(urn, known);
    return known;
  }

  async #register(urn: string, name: string, version: string): Promise<string> {
    const { journal, dryRun } = this.#options;
    const old = journal.olds.get(urn);
    const now = new Date().toISOString();
    const inputs: PropertyMap = version === "" ? {} : { version };
    const made: ResourceState = {
      urn,
      custom: true,
      id: dryRun ? UNKNOWN : randomUUID(),
      type: providerType(name),
      inputs,
      outputs: inputs,
      created: now,
      modified: now,
    };
    const state = old ?? made;
    await journal.put(state, old);
    return `${urn}::${state.id}`;
  }

  /** The inputs of the provider resource that a reference names. */
  inputs(reference: string | undefined): PropertyMap {
    const urn = reference ? providerUrn(reference) : "";
    const { journal } = this.#options;
    return reveal((journal.news.get(urn) ?? journal.olds.get(urn))?.inputs ?? {});
  }

  async close(): Promise<void> {
    const loaded = await Promise.allSettled([
      ...this.#loaded.values(),
      ...(this.#dynamic ? [this.#dynamic] : []),
    ]);
    await Promise.all(loaded.map((one) => (one.status === "fulfilled" ? one.value.close?.() : undefined)));
  }

  /** Asks the provider process to give up what it only waits for. */
  interrupt(): void {
    this.#dynamic?.then((provider) => provider.interrupt()).catch(() => undefined);
  }

  /** Ends the provider process, whatever it is doing. */
  kill(): void {
    this.#dynamic?.then((provider) => provider.kill()).catch(() => undefined);
  }

  #start(): Promise<DynamicProvider> {
    this.#dynamic ??= this.#options.startDynamic();
    return this.#dynamic;
  }
}

function missing(type: string, name: string): LecternError {
  return new LecternError({
    code: "no-provider",
    severity: "error",
    path: type,
    message: `the sandbox has no adapter for resources of the package '${name}'`,
    remedy: `Leave this resource out of the sandbox, write an adapter for '${name}', or install Pulumi with the ${name} plugin and run 'pulumi up'`,
  });
}
