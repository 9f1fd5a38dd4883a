import { createHash } from "node:crypto";

/** How many files are kept; a page that is older has to be loaded again where git doesn't have its file. */
const MOST = 500;

/** The bytes that pages were given, so that a change can be merged though nobody has committed what it was made of. */
export class BaseTexts {
  readonly #known = new Map<string, string>();

  /** Keeps a text. @returns git's ID of it */
  keep(text: string): string {
    const bytes = Buffer.from(text);
    const id = createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
    this.#known.delete(id);
    this.#known.set(id, text);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
    return id;
  }

  /** A text that was kept. */
  get(id: string): string | undefined {
    return this.#known.get(id);
  }
}
