import type { ServerResponse } from "node:http";

/** Milliseconds between two looks at what a page shows: a status changes with time alone. */
const PAUSE = 200;

/** Sends a page's version, and again whenever it changes, as server-sent events until the reader is gone. */
export function sendVersions(version: () => string, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  let sent: string | undefined;
  const send = () => {
    const now = version();
    if (now !== sent) response.write(`data: ${now}\n\n`);
    sent = now;
  };
  send();
  const timer = setInterval(send, PAUSE);
  response.once("close", () => clearInterval(timer));
}
