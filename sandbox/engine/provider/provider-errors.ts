/**
 * Reads what a provider process prints on its standard error. The SDK prints every error of a failing call
 * there as well, with its stack; the call itself reports it, so it is not shown twice.
 */
export class ProviderErrors {
  readonly #say: (text: string) => void;
  readonly #expected = new Set<string>();
  readonly #held: string[] = [];
  #block: string[] = [];

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** An error that is reported elsewhere. */
  expect(message: string): void {
    if (message.trim() !== "") this.#expected.add(message.trim());
  }

  /** Takes one line: of an error, which may have many, or of anything else, which is reported at once. */
  line(line: string): void {
    const begins = /^(Uncaught )?\w*Error\b.*: /.test(line);
    const afterStack = isFrame(this.#block.at(-1)) && !isFrame(line);
    if (begins || afterStack) this.#end();
    if (begins || this.#block.length > 0) this.#block.push(line);
    else this.#say(line);
  }

  /** Reports what was printed and is reported nowhere else. */
  flush(): void {
    this.#end();
    for (const block of this.#held.splice(0)) {
      if (![...this.#expected].some((message) => block.includes(message))) this.#say(block);
    }
  }

  #end(): void {
    if (this.#block.length > 0) this.#held.push(this.#block.join("\n"));
    this.#block = [];
  }
}

const isFrame = (line: string | undefined): boolean => line !== undefined && /^\s+at /.test(line);
