import type { ArticlesApi } from "../../qbook/articles-api.ts";
import type { ProviderContext } from "../../resource/context.ts";
import type { Pace } from "../../resource/poll.ts";

/** How waiting for qBook ended. `late`: the limit was reached; the platform may still finish. */
export type Processing =
  | { readonly end: "processed"; readonly url: string }
  | { readonly end: "failed" | "late"; readonly url?: string | undefined; readonly status: string }
  | { readonly end: "gone" };

/** The longest pause between two requests, in milliseconds. */
const SLOWEST = 15_000;
/** Progress is reported at least this often, in milliseconds. */
const SILENCE = 15_000;

/**
 * Asks until qBook is done. Only `processed` with a URL is success; `failed` is failure even with
 * one; a URL in any other status means nothing.
 * @param resource the ID of the article, for what is reported meanwhile
 * @throws {QbookError} where qBook can't be asked; the signal's reason where it is aborted
 */
export async function awaitProcessed(
  api: ArticlesApi,
  customId: string,
  resource: string,
  pace: Pick<Pace, "first" | "limit">,
  context: ProviderContext,
): Promise<Processing> {
  const { clock } = context;
  let last: { status: string; url?: string | undefined } = { status: "" };
  let reported = { status: "", at: clock.now() };
  const ask = async (waited: number): Promise<Processing | undefined> => {
    const answer = await api.status(customId);
    if (!answer) return { end: "gone" };
    const { status, url } = answer;
    if (status === "processed" && url !== undefined) return { end: "processed", url };
    if (status === "failed") return { end: "failed", url, status };
    last = { status: status === "processed" ? "processed, but without a URL yet" : status, url };
    if (last.status !== reported.status || clock.now() - reported.at >= SILENCE) {
      const message = `qBook: ${last.status}${waited >= 1000 ? ` (${Math.round(waited / 1000)} s)` : ""}`;
      context.report({ severity: "info", resource, message });
      reported = { status: last.status, at: clock.now() };
    }
    return undefined;
  };
  return (await context.poll(ask, { ...pace, slowest: SLOWEST })) ?? { end: "late", ...last };
}
