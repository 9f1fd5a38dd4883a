import { type ArticleStatus, isFinal } from "../../qbook/protocol.ts";
import type { Evidence, Pending } from "../article-contract.ts";

/**
 * Tells whether what the status endpoint says is about the content that was sent last: right after an update
 * it may still say what it said before. Pure but for what it has seen.
 */
export class RevisionWatch {
  readonly #sent: Pending | undefined;
  readonly #settleTime: number;
  #left: boolean;
  /** Whether the last status ended something; one that begins after that is about the new content. */
  #wasFinal: boolean;
  #last: { readonly status: string; readonly since: number } | undefined;

  /**
   * @param sent undefined where it is not known what was there before: an earlier version sent it
   * @param settleTime milliseconds
   */
  constructor(sent: Pending | undefined, settleTime: number) {
    this.#sent = sent;
    this.#settleTime = settleTime;
    this.#left = sent?.left ?? false;
    this.#wasFinal = sent?.before !== undefined && isFinal(sent.before.status);
    if (sent?.before && this.#wasFinal) this.#last = { status: sent.before.status, since: sent.sentAt };
  }

  /** @returns how it is known that processing of the content has ended; undefined where it is not */
  see(answer: ArticleStatus, now: number): Evidence | undefined {
    const { status } = answer;
    if (!isFinal(status)) {
      this.#left ||= this.#wasFinal;
      this.#wasFinal = false;
      this.#last = undefined;
      return undefined;
    }
    this.#wasFinal = true;
    if (this.#last?.status !== status) this.#last = { status, since: now };
    return this.#evidence(answer) ?? (now - this.#last.since >= this.#settleTime ? "settled" : undefined);
  }

  #evidence({ status, url, revision }: ArticleStatus): Evidence | undefined {
    if (!this.#sent) return this.#left ? "status" : undefined;
    const { before } = this.#sent;
    if (!before) return "new";
    if (revision !== undefined && revision !== before.revision) return "revision";
    if (this.#left) return "status";
    // What was under way when the content was sent may end with another status, and with another URL.
    if (!isFinal(before.status)) return undefined;
    if (url !== undefined && before.url !== undefined && url !== before.url) return "url";
    return status === before.status ? undefined : "status";
  }

  /** What the next run must know to go on. */
  get pending(): Pending | undefined {
    return this.#sent && { ...this.#sent, left: this.#left };
  }
}

/** What makes the result of an update credible, as a clause. */
export function describeEvidence(evidence: Exclude<Evidence, "new">, settleTime: number): string {
  switch (evidence) {
    case "status":
      return "its status changed after it was sent";
    case "url":
      return "its URL changed";
    case "revision":
      return "its revision changed";
    case "settled":
      return `its status has not changed for ${settleTime / 1000} s, and qBook gave no other sign of it`;
  }
}
