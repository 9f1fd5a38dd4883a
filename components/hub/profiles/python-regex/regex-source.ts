/** What is wrong with a regular expression, in Python's own words. */
export class RegexFault extends Error {}

const LIMIT = 2 ** 32 - 1;

/** The characters of a regular expression, read from its beginning. */
export class RegexSource {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(pattern: string) {
    this.#characters = Array.from(pattern);
  }

  get next(): string | undefined {
    return this.#characters[this.#at];
  }

  get atEnd(): boolean {
    return this.#at >= this.#characters.length;
  }

  get(): string | undefined {
    const { next } = this;
    this.#at += 1;
    return next;
  }

  must(): string {
    const character = this.get();
    if (character === undefined) throw new RegexFault("unexpected end of pattern");
    return character;
  }

  take(character: string): boolean {
    if (this.next !== character) return false;
    this.#at += 1;
    return true;
  }

  /** As many characters of a kind as follow, at most so many. */
  while(is: RegExp, most = Number.POSITIVE_INFINITY): string {
    let text = "";
    while (text.length < most && this.next !== undefined && is.test(this.next)) text += this.must();
    return text;
  }

  /** The text up to a character, which is taken too. @param what what it is, for the error */
  until(end: string, what: string): string {
    let text = "";
    while (!this.take(end)) {
      const character = this.get();
      if (character === undefined) {
        throw new RegexFault(
          what === "comment" ? "missing ), unterminated comment" : `missing ${end}, unterminated name`,
        );
      }
      text += character;
    }
    if (what !== "comment" && text === "") throw new RegexFault(`missing ${what}`);
    return text;
  }

  name(end: string): string {
    const name = this.until(end, "group name");
    if (!/^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u.test(name))
      throw new RegexFault(`bad character in group name ${JSON.stringify(name)}`);
    return name;
  }

  /** White space and comments, which the flag x leaves out. */
  skipVerbose(): void {
    for (;;) {
      this.while(/[ \t\n\r\v\f]/);
      if (!this.take("#")) return;
      this.while(/[^\n]/);
    }
  }

  /** How often what is before is repeated; undefined where no repetition follows. Braces may be literal. */
  repeat(): readonly [least: number, most: number] | undefined {
    const times = this.#times();
    // A repetition may be lazy or possessive.
    if (times && !this.take("?")) this.take("+");
    return times;
  }

  #times(): readonly [least: number, most: number] | undefined {
    if (this.take("*")) return [0, LIMIT];
    if (this.take("+")) return [1, LIMIT];
    if (this.take("?")) return [0, 1];
    const start = this.#at;
    if (!this.take("{") || this.next === "}") {
      this.#at = start;
      return undefined;
    }
    const low = this.while(/^\d$/);
    const high = this.take(",") ? this.while(/^\d$/) : low;
    if (!this.take("}")) {
      this.#at = start;
      return undefined;
    }
    const [least, most] = [low === "" ? 0 : Number(low), high === "" ? LIMIT : Number(high)];
    if (least >= LIMIT || (high !== "" && most >= LIMIT))
      throw new RegexFault("the repetition number is too large");
    if (most < least) throw new RegexFault("min repeat greater than max repeat");
    return [least, most];
  }

  /** The flags of `(?flags)` or `(?flags-flags:`. @param first what follows the question mark */
  flags(first: string): { readonly on: string; readonly off: string; readonly isGlobal: boolean } {
    if (!/[aiLmsux-]/.test(first)) throw new RegexFault(`unknown extension ?${first}`);
    let on = "";
    let character = first;
    while (/[A-Za-z]/.test(character)) {
      if (!/[aiLmsux]/.test(character)) throw new RegexFault("unknown flag");
      if (character === "L") throw new RegexFault("cannot use 'L' flag with a str pattern");
      on += character;
      if (on.includes("a") && on.includes("u")) throw new RegexFault("flags 'a' and 'u' are incompatible");
      character = this.#flag();
    }
    if (character === ")") return { on, off: "", isGlobal: true };
    if (character === ":") return { on, off: "", isGlobal: false };
    if (character !== "-") throw new RegexFault("missing -, : or )");
    return { on, off: this.#flagsOff(on), isGlobal: false };
  }

  #flagsOff(on: string): string {
    let off = "";
    for (let character = this.#flag(); character !== ":"; character = this.#flag()) {
      if (/[auL]/.test(character)) throw new RegexFault("cannot turn off flags 'a', 'u' and 'L'");
      if (!/[imsx]/.test(character)) throw new RegexFault(off === "" ? "missing flag" : "missing :");
      if (on.includes(character)) throw new RegexFault("one flag is turned on and off");
      off += character;
    }
    if (off === "") throw new RegexFault("missing flag");
    return off;
  }

  #flag(): string {
    const character = this.get();
    if (character === undefined) throw new RegexFault("missing -, : or )");
    return character;
  }
}
