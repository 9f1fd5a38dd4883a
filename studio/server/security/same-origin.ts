import type { FastifyInstance, FastifyRequest } from "fastify";
import { STUDIO_HEADER } from "../../api/request-header.ts";
import { Refused } from "../refused.ts";

const READING = new Set(["GET", "HEAD", "OPTIONS"]);
/** The names of this machine, whatever the port. */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Where requests may come from. */
export interface OriginOptions {
  /** Whether people reach the studio on this machine alone, so that no other name can be its own. */
  readonly loopbackOnly: boolean;
}

/** Refuses writes that another site has a browser make, and other names that lead to this machine. */
export function refuseOtherOrigins(app: FastifyInstance, { loopbackOnly }: OriginOptions): void {
  app.addHook("onRequest", async (request) => {
    if (loopbackOnly && !LOOPBACK.test(request.headers.host ?? "")) throw otherName();
    if (!READING.has(request.method) && !isOwn(request)) throw otherSite();
  });
}

/** Whether the page made a request: a browser says so in two ways, and only the page can set the third. */
function isOwn({ headers }: FastifyRequest): boolean {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  if (headers[STUDIO_HEADER] === undefined) return false;
  if (site !== undefined && site !== "same-origin") return false;
  return origin === undefined || hostOf(origin) === host;
}

/** A proxy before the studio may end TLS, so that only the host tells. */
const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : undefined);

const otherSite = () =>
  new Refused(403, {
    code: "other-site",
    message: "the request does not come from the studio's own page",
    remedy: "Open the studio's address and make the change there",
  });

const otherName = () =>
  new Refused(421, {
    code: "other-host",
    message: "the studio answers to localhost and 127.0.0.1 alone",
    remedy: "Open the address that `lectern studio` printed",
  });
