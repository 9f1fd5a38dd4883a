import { bracketClass, type Escape, escapeOutside } from "./regex-escapes.ts";
import { RegexFault, RegexSource } from "./regex-source.ts";

/** How many characters a part matches, at least and at most. */
type Width = readonly [least: number, most: number];

/** What was parsed last, which decides whether it can be repeated. */
type Item = "item" | "position" | "repeat";

interface Group {
  readonly number: number;
  width?: Width;
}

/** @returns what is wrong with a regular expression of Python's `re` (3.11 and later); undefined where nothing is */
export function regexFault(pattern: string): string | undefined {
  try {
    new Parser(pattern).parse();
    return undefined;
  } catch (error) {
    if (error instanceof RegexFault) return error.message;
    throw error;
  }
}

const ANY_NUMBER = 2 ** 32 - 1;
const add = (a: Width, b: Width): Width => [a[0] + b[0], a[1] + b[1]];

class Parser {
  readonly #source: RegexSource;
  readonly #groups: Group[] = [];
  readonly #names = new Map<string, Group>();
  readonly #conditions: number[] = [];
  #verbose = false;

  constructor(pattern: string) {
    this.#source = new RegexSource(pattern);
  }

  parse(): void {
    this.#alternatives(true);
    if (!this.#source.atEnd) throw new RegexFault("unbalanced parenthesis");
    const unknown = this.#conditions.find((number) => number > this.#groups.length);
    if (unknown !== undefined) throw new RegexFault(`invalid group reference ${unknown}`);
  }

  #alternatives(isTop = false): Width {
    const verbose = this.#verbose;
    let [least, most] = this.#sequence(isTop);
    while (this.#source.take("|")) {
      const [low, high] = this.#sequence(false);
      [least, most] = [Math.min(least, low), Math.max(most, high)];
    }
    if (!isTop) this.#verbose = verbose;
    return [least, most];
  }

  #sequence(isFirst: boolean): Width {
    let before: Width = [0, 0];
    let last: { readonly kind: Item; readonly width: Width } | undefined;
    for (;;) {
      if (this.#verbose) this.#source.skipVerbose();
      const { next } = this.#source;
      if (next === undefined || next === "|" || next === ")") return last ? add(before, last.width) : before;
      const times = this.#source.repeat();
      if (times) {
        if (!last || last.kind === "position") throw new RegexFault("nothing to repeat");
        if (last.kind === "repeat") throw new RegexFault("multiple repeat");
        last = { kind: "repeat", width: [last.width[0] * times[0], product(last.width[1], times[1])] };
        continue;
      }
      const item = this.#item(isFirst && !last);
      if (!item) continue;
      if (last) before = add(before, last.width);
      last = item;
    }
  }

  /** @returns nothing for what matches nothing, such as a comment */
  #item(mayHaveFlags: boolean): { kind: Item; width: Width } | undefined {
    const character = this.#source.get();
    switch (character) {
      case "^":
      case "$":
        return { kind: "position", width: [0, 0] };
      case "(":
        return this.#parenthesis(mayHaveFlags);
      case "[":
        bracketClass(this.#source);
        return { kind: "item", width: [1, 1] };
      case "\\":
        return this.#escaped(escapeOutside(this.#source));
      default:
        return { kind: "item", width: [1, 1] };
    }
  }

  #escaped(meaning: Escape): { kind: Item; width: Width } {
    if (meaning === "position") return { kind: "position", width: [0, 0] };
    if (typeof meaning === "number")
      return { kind: "item", width: this.#referred(this.#groups[meaning - 1], meaning) };
    return { kind: "item", width: [1, 1] };
  }

  #referred(group: Group | undefined, name: number | string): Width {
    if (!group) {
      const what = typeof name === "number" ? "invalid group reference" : "unknown group name";
      throw new RegexFault(`${what} ${name}`);
    }
    if (!group.width) throw new RegexFault("cannot refer to an open group");
    return group.width;
  }

  #parenthesis(mayHaveFlags: boolean): { kind: Item; width: Width } | undefined {
    if (!this.#source.take("?")) return this.#group(undefined);
    const kind = this.#source.must();
    switch (kind) {
      case "P":
        return this.#named();
      case ":":
      case ">":
        return { kind: "item", width: this.#closed() };
      case "#":
        this.#source.until(")", "comment");
        return undefined;
      case "=":
      case "!":
        this.#closed();
        return { kind: "item", width: [0, 0] };
      case "<":
        return this.#lookBehind();
      case "(":
        return this.#conditional();
      default:
        return this.#flags(kind, mayHaveFlags);
    }
  }

  #group(name: string | undefined): { kind: Item; width: Width } {
    const group: Group = { number: this.#groups.length + 1 };
    if (name !== undefined) {
      if (this.#names.has(name)) throw new RegexFault(`redefinition of group name ${name}`);
      this.#names.set(name, group);
    }
    this.#groups.push(group);
    group.width = this.#closed();
    return { kind: "item", width: group.width };
  }

  #named(): { kind: Item; width: Width } {
    if (this.#source.take("<")) return this.#group(this.#source.name(">"));
    if (this.#source.take("=")) {
      const name = this.#source.name(")");
      return { kind: "item", width: this.#referred(this.#names.get(name), name) };
    }
    throw new RegexFault(`unknown extension ?P${this.#source.must()}`);
  }

  #lookBehind(): { kind: Item; width: Width } {
    const sign = this.#source.must();
    if (sign !== "=" && sign !== "!") throw new RegexFault(`unknown extension ?<${sign}`);
    const [least, most] = this.#closed();
    if (least !== most) throw new RegexFault("look-behind requires fixed-width pattern");
    return { kind: "item", width: [0, 0] };
  }

  #conditional(): { kind: Item; width: Width } {
    const name = this.#source.until(")", "group name");
    if (/^\d+$/.test(name)) {
      if (Number(name) === 0) throw new RegexFault("bad group number");
      this.#conditions.push(Number(name));
    } else if (!this.#names.has(name)) throw new RegexFault(`unknown group name ${name}`);
    const yes = this.#sequence(false);
    const no: Width = this.#source.take("|") ? this.#sequence(false) : [0, 0];
    if (this.#source.next === "|") throw new RegexFault("conditional backref with more than two branches");
    this.#close();
    return { kind: "item", width: [Math.min(yes[0], no[0]), Math.max(yes[1], no[1])] };
  }

  #flags(first: string, mayHaveFlags: boolean): { kind: Item; width: Width } | undefined {
    const { on, off, isGlobal } = this.#source.flags(first);
    if (isGlobal) {
      if (!mayHaveFlags) throw new RegexFault("global flags not at the start of the expression");
      if (on.includes("x")) this.#verbose = true;
      return undefined;
    }
    const verbose = this.#verbose;
    this.#verbose = (verbose || on.includes("x")) && !off.includes("x");
    const width = this.#closed();
    this.#verbose = verbose;
    return { kind: "item", width };
  }

  #closed(): Width {
    const width = this.#alternatives();
    this.#close();
    return width;
  }

  #close(): void {
    if (!this.#source.take(")")) throw new RegexFault("missing ), unterminated subpattern");
  }
}

/** Zero times anything is zero. */
const product = (width: number, times: number) =>
  width === 0 || times === 0 ? 0 : times >= ANY_NUMBER ? Number.POSITIVE_INFINITY : width * times;
