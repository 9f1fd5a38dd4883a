import { containsSecret } from "../value/values.ts";
import type { Crypter } from "./crypter.ts";
import {
  type Deployment,
  manifest,
  type PendingOperation,
  type ResourceState,
  sealed,
  unsealed,
} from "./deployment.ts";
import type { StateWriter } from "./state-file.ts";

export interface JournalOptions {
  readonly base: Deployment | undefined;
  /** Undefined where nothing may be written. */
  readonly writer: StateWriter | undefined;
  /** Opens the crypter; called once, when the first secret is met. */
  readonly openCrypter: () => Promise<Crypter>;
}

/**
 * The state of a stack while a run changes it. The order of its resources is Pulumi's: first what
 * this run has dealt with, in that order, then what it has not, in the old order; so a resource
 * always comes after what it depends on.
 */
export class Journal {
  /** What the state held for each URN when the run began; resources that wait for their deletion are left out. */
  readonly olds = new Map<string, ResourceState>();
  readonly news = new Map<string, ResourceState>();
  readonly #options: JournalOptions;
  readonly #texts = new WeakMap<ResourceState, string>();
  readonly #secretless = new WeakSet<ResourceState>();
  readonly #ciphertexts = new WeakMap<object, string>();
  readonly #pending = new Set<PendingOperation>();
  #base: ResourceState[] = [];
  #crypter: Crypter | undefined;
  #dirty = false;
  #frozen = false;

  private constructor(options: JournalOptions) {
    this.#options = options;
  }

  static async open(options: JournalOptions): Promise<Journal> {
    const journal = new Journal(options);
    const resources = options.base?.resources ?? [];
    // Only a lost create leaves something behind that nothing else records; Pulumi keeps only these.
    const lost = (options.base?.pending_operations ?? []).filter(({ type }) => type === "creating");
    if ([...resources, ...lost.map(({ resource }) => resource)].some(hasSecret)) {
      journal.#crypter = await options.openCrypter();
    }
    journal.#base = resources.map((resource) => journal.#open(resource));
    for (const { resource, type } of lost) journal.#pending.add({ resource: journal.#open(resource), type });
    for (const resource of journal.#base) if (!resource.delete) journal.olds.set(resource.urn, resource);
    return journal;
  }

  /** What the run has not dealt with yet, in the old order. */
  get rest(): readonly ResourceState[] {
    return this.#base;
  }

  /** Creates of earlier runs that may or may not have happened. */
  get lostCreates(): readonly ResourceState[] {
    return [...this.#pending].map(({ resource }) => resource);
  }

  /** The state of a resource in this run, instead of `old`; on the disk when it resolves. */
  async put(state: ResourceState, old?: ResourceState): Promise<void> {
    this.news.set(state.urn, state);
    if (old) this.#base = this.#base.filter((other) => other !== old);
    if (state === old) return;
    for (const lost of this.#pending) if (lost.resource.urn === state.urn) this.#pending.delete(lost);
    await this.#changed();
  }

  /** Puts `now` where `old` was, as a resource that the run still has to deal with. */
  async revise(old: ResourceState, now: ResourceState): Promise<void> {
    this.#base = this.#base.map((state) => (state === old ? now : state));
    await this.#changed();
  }

  /** Puts the replacement, and in the same save marks the one that it replaces for deletion. */
  async replace(state: ResourceState, old: ResourceState): Promise<void> {
    this.#base = this.#base.map((other) => (other === old ? { ...old, delete: true } : other));
    await this.put(state);
  }

  async drop(old: ResourceState): Promise<void> {
    this.#base = this.#base.filter((state) => state !== old);
    await this.#changed();
  }

  async forgetLostCreates(): Promise<void> {
    if (this.#pending.size === 0) return;
    this.#pending.clear();
    await this.#changed();
  }

  /**
   * Runs a call to a provider. While it runs the state says so, on the disk before it begins; if it
   * is never heard of again, the next run warns.
   */
  async during<T>(
    type: PendingOperation["type"],
    resource: ResourceState,
    call: () => Promise<T>,
  ): Promise<T> {
    const operation = { resource, type };
    this.#pending.add(operation);
    await this.#changed();
    try {
      return await call();
    } finally {
      // Saved together with what the call has led to.
      this.#pending.delete(operation);
      this.#dirty = true;
    }
  }

  /** From now on the state stays as it is on the disk, with what is under way, as if the run had been killed. */
  freeze(): void {
    this.#frozen = true;
  }

  /** Saves what no one has waited for. */
  async flush(): Promise<void> {
    if (this.#dirty) await this.#changed();
  }

  async #changed(): Promise<void> {
    this.#dirty = true;
    if (this.#frozen) return;
    await this.#options.writer?.save(async () => {
      if (!this.#crypter && this.#hasSecrets()) this.#crypter = await this.#options.openCrypter();
      return this.#render();
    });
  }

  #hasSecrets(): boolean {
    const pending = [...this.#pending].map(({ resource }) => resource);
    return [...this.#all(), ...pending].some((resource) => {
      if (this.#secretless.has(resource)) return false;
      const found = hasSecret(resource);
      if (!found) this.#secretless.add(resource);
      return found;
    });
  }

  #all(): ResourceState[] {
    return [...this.news.values(), ...this.#base];
  }

  #render(): string {
    this.#dirty = false;
    const resources = this.#all().map((resource) => this.#text(resource));
    const operations = [...this.#pending].map(
      ({ resource, type }) => `{ "resource": ${this.#text(resource)}, "type": ${JSON.stringify(type)} }`,
    );
    const provider = this.#crypter?.provider ?? this.#options.base?.secrets_providers;
    return [
      `{\n  "version": 3,\n  "deployment": {\n    "manifest": ${JSON.stringify(manifest(new Date()))},`,
      provider ? `\n    "secrets_providers": ${JSON.stringify(provider)},` : "",
      `\n    "resources": [${resources.join(", ")}],`,
      operations.length > 0 ? `\n    "pending_operations": [${operations.join(", ")}],` : "",
      `\n    "metadata": {}\n  }\n}\n`,
    ].join("");
  }

  /** Kept, as a state is never changed in place: a save then costs little more than its writing. */
  #text(resource: ResourceState): string {
    const known = this.#texts.get(resource);
    if (known !== undefined) return known;
    const shown = sealed(resource, (text, of) => this.#encrypt(text, of));
    const text = JSON.stringify(shown, null, 2).replaceAll("\n", "\n    ");
    this.#texts.set(resource, text);
    return text;
  }

  /** A secret that did not change keeps its ciphertext. */
  #encrypt(text: string, of: object): string {
    const known = this.#ciphertexts.get(of);
    if (known !== undefined) return known;
    if (!this.#crypter) throw new Error("a secret was read before the crypter was opened");
    const ciphertext = this.#crypter.encrypt(text);
    this.#ciphertexts.set(of, ciphertext);
    return ciphertext;
  }

  #open(resource: ResourceState): ResourceState {
    const crypter = this.#crypter;
    if (!crypter || !hasSecret(resource)) return resource;
    const remember = (secret: object, ciphertext: string) => this.#ciphertexts.set(secret, ciphertext);
    return unsealed(resource, (ciphertext) => crypter.decrypt(ciphertext), remember);
  }
}

export function hasSecret(resource: ResourceState): boolean {
  return containsSecret(resource.inputs ?? {}) || containsSecret(resource.outputs ?? {});
}
