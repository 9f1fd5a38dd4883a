import type { QbookClient } from "../qbook/articles-api.ts";
import type { Clock } from "../resource/provider.ts";

/** How the waiting for qBook ended. `late`: the time was up; the platform may still finish. */
export type Processing =
  | { readonly end: "processed"; readonly url: string }
  | { readonly end: "failed" | "late"; readonly url?: string | undefined; readonly status: string }
  | { readonly end: "gone" };

export interface WaitOptions {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly limit: number;
  /** Milliseconds before the first question; grows by half each time, to {@link SLOWEST}. */
  readonly interval: number;
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

const SLOWEST = 15_000;
/** A person who waits hears something at least this often. */
const SILENCE = 15_000;

/**
 * Asks until qBook is done. Only `processed` with a URL is success; `failed` is failure even with
 * one; a URL in any other status says nothing.
 * @throws {QbookError} where qBook can't be asked; the signal's reason where it is aborted
 */
export async function awaitProcessed(
  client: QbookClient,
  customId: string,
  { clock, limit, interval, progress, signal }: WaitOptions,
): Promise<Processing> {
  const begun = clock.now();
  let said = { text: "", at: begun };
  let pause = interval;
  for (;;) {
    const answer = await client.status(customId);
    if (!answer) return { end: "gone" };
    const { status, url } = answer;
    if (status === "processed" && url !== undefined) return { end: "processed", url };
    if (status === "failed") return { end: "failed", url, status };
    const waited = clock.now() - begun;
    const text = status === "processed" ? "processed, but without an address yet" : status;
    if (text !== said.text || clock.now() - said.at >= SILENCE) {
      progress(`qBook: ${text}${waited >= 1000 ? ` (${Math.round(waited / 1000)} s)` : ""}`);
      said = { text, at: clock.now() };
    }
    if (waited >= limit) return { end: "late", url, status: text };
    await clock.sleep(Math.min(pause, Math.max(limit - waited, 1)), signal);
    pause = Math.min(pause * 1.5, Math.max(SLOWEST, interval));
  }
}
