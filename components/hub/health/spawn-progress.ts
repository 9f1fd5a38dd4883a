import { z } from "zod";

const spawnEvent = z.object({
  message: z.string().default(""),
  ready: z.boolean().default(false),
  failed: z.boolean().default(false),
});

/** One event of a server that starts. */
export type SpawnEvent = z.output<typeof spawnEvent>;

const LONGEST_LINE = 100_000;

/**
 * The events that a hub streams while a server starts. It ends where the stream does, whatever ended it:
 * whether the server is there has to be asked then.
 * @throws the signal's reason where it is aborted, but for a timeout
 */
export async function* progressEvents(
  fetch: typeof globalThis.fetch,
  url: URL,
  init: { readonly headers: Record<string, string>; readonly signal: AbortSignal },
): AsyncGenerator<SpawnEvent> {
  try {
    const response = await fetch(url, init);
    if (response.status !== 200 || !response.body) return void (await response.body?.cancel());
    yield* eventsIn(response.body.pipeThrough(new TextDecoderStream()));
  } catch {
    // A stream that breaks off, as where a proxy restarts.
    if (init.signal.aborted && !isTimeout(init.signal.reason)) throw init.signal.reason;
  }
}

async function* eventsIn(text: AsyncIterable<string>): AsyncGenerator<SpawnEvent> {
  let rest = "";
  for await (const piece of text) {
    const lines = `${rest}${piece}`.split(/\r?\n/);
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST_LINE) return;
    for (const line of lines) {
      const event = line.startsWith("data:") ? parsed(line.slice("data:".length)) : undefined;
      if (event) yield event;
    }
  }
}

function parsed(text: string): SpawnEvent | undefined {
  try {
    return spawnEvent.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const isTimeout = (reason: unknown) => reason instanceof DOMException && reason.name === "TimeoutError";
