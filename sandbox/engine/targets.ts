/** The resources that a run may act on: all of them, or those that `--target` names. */
export class Targets {
  readonly #patterns: readonly { text: string; pattern: RegExp }[];
  readonly #matched = new Set<string>();

  constructor(targets: readonly string[] | undefined) {
    this.#patterns = (targets ?? []).map((text) => ({ text, pattern: glob(text) }));
  }

  get limited(): boolean {
    return this.#patterns.length > 0;
  }

  includes(urn: string): boolean {
    if (!this.limited) return true;
    const matching = this.#patterns.filter(({ pattern }) => pattern.test(urn));
    for (const { text } of matching) this.#matched.add(text);
    return matching.length > 0;
  }

  /** The targets that named no resource of the run. */
  unmatched(): string[] {
    return this.#patterns.map(({ text }) => text).filter((text) => !this.#matched.has(text));
  }
}

/** `*` stands for anything within a part of a URN, `**` for anything. */
function glob(text: string): RegExp {
  const parts = text.split(/(\*\*|\*)/).map((part) => {
    if (part === "**") return ".*";
    return part === "*" ? "[^:]*" : part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`, "s");
}
