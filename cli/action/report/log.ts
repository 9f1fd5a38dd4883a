import { type Redact, redaction } from "../../../components/qbook/redaction.ts";
import { commandData } from "../../comment/annotations.ts";

/** Prints for a job's log, in which a line could command the runner: none of these can. */
export class Log {
  readonly #redact: Redact;
  readonly #write: (text: string) => void;
  readonly #notes: string[] = [];
  readonly #problems: string[] = [];

  /** @param secrets what is redacted wherever it appears */
  constructor(secrets: readonly string[], write: (text: string) => void) {
    // A secret of several lines may appear line by line.
    const lines = secrets.flatMap((secret) => secret.split("\n").filter((line) => line.length > 7));
    this.#redact = redaction([...secrets, ...lines]);
    this.#write = write;
  }

  /** For the summary: what a person should know beside the result. */
  get notes(): readonly string[] {
    return this.#notes;
  }

  /** For the summary: what failed. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  say(text: string): void {
    for (const line of this.#clean(text).split("\n")) this.#write(`| ${line}\n`);
  }

  note(text: string): void {
    this.#notes.push(this.#clean(text));
    this.say(`Note: ${text}`);
  }

  warn(text: string): void {
    this.#notes.push(`Warning: ${this.#clean(text)}`);
    this.#command("warning", text);
  }

  error(text: string): void {
    this.#problems.push(this.#clean(text));
    this.#command("error", text);
  }

  /** An unexpected error as it may be printed. */
  withoutSecrets(error: unknown): Error {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const clean = new Error(this.#redact(text));
    clean.stack = this.#redact(text);
    return clean;
  }

  /** A command for the runner, whose data is escaped as it wants. */
  #command(name: "warning" | "error", text: string): void {
    this.#write(`::${name}::${commandData(this.#clean(text))}\n`);
  }

  /** Without what turns or ends a line in a terminal, and without the runner's older commands. */
  #clean(text: string): string {
    return this.#redact(text)
      .replaceAll(/\r\n?/g, "\n")
      .replaceAll(/[^\P{Cc}\n\t]|[\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "\ufffd")
      .replaceAll("##[", "# #[");
  }
}
