import { z } from "zod";
import { equal, type Json } from "../../api/json.ts";
import { draftSchema } from "../../api/save.ts";

const keptSchema = draftSchema.pick({ id: true, edits: true }).extend({
  edits: z.array(draftSchema.shape.edits.element),
});

/** What somebody wants to change, by file. */
export type KeptDraft = z.output<typeof keptSchema>;
type Edit = KeptDraft["edits"][number];

/** Where it is kept, as far as a store needs it: a tab's own storage, which survives that its page is loaded again. */
export type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem">;

/** The changes of this tab that are not proposed, or were; another tab has its own. */
export class DraftStore {
  readonly #storage: Storage;
  readonly #key: string;
  readonly #newId: () => string;
  readonly #listeners = new Set<() => void>();
  #draft: KeptDraft;
  /** Whether there were changes when the page was loaded. */
  readonly wasKept: boolean;

  /** @param key tells studios of one address apart */
  constructor(storage: Storage, key: string, newId: () => string) {
    this.#storage = storage;
    this.#key = key;
    this.#newId = newId;
    this.#draft = this.#read();
    this.wasKept = this.#draft.edits.length > 0;
  }

  /** The same object until something changes. */
  readonly draft = (): KeptDraft => this.#draft;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  edit(path: string): Edit | undefined {
    return this.#draft.edits.find((one) => one.path === path);
  }

  /** Keeps the wanted value of a file; what was there before a first change remains its base. */
  set(
    file: { readonly path: string; readonly base: string | null; readonly value: Json },
    value: Json,
  ): void {
    const before = this.edit(file.path);
    const made = before ?? { base: file.base, baseValue: file.value };
    const edit = { path: file.path, base: made.base, baseValue: made.baseValue, value };
    const isBack = equal(value, file.value) && edit.base === file.base;
    const others = this.#draft.edits.filter(({ path }) => path !== file.path);
    this.#keep({ ...this.#draft, edits: isBack ? others : [...others, edit] });
  }

  discard(path: string): void {
    this.#keep({ ...this.#draft, edits: this.#draft.edits.filter((one) => one.path !== path) });
  }

  discardAll(): void {
    this.#keep({ id: this.#newId(), edits: [] });
  }

  #keep(draft: KeptDraft): void {
    this.#draft = draft.edits.length === 0 ? { id: this.#newId(), edits: [] } : draft;
    if (draft.edits.length === 0) this.#storage.removeItem(this.#key);
    else this.#storage.setItem(this.#key, JSON.stringify(this.#draft));
    for (const listener of this.#listeners) listener();
  }

  #read(): KeptDraft {
    try {
      const kept = keptSchema.safeParse(JSON.parse(this.#storage.getItem(this.#key) ?? "null"));
      if (kept.success) return kept.data;
    } catch {
      // Whatever else is there is none of ours.
    }
    return { id: this.#newId(), edits: [] };
  }
}
