import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "../../../../components/resource/context/clock.ts";
import { Refused } from "../../refused.ts";
import { isOpened } from "../../security/answer-errors.ts";
import type { Access } from "../access.ts";
import { Sessions } from "../sessions.ts";
import { HubClient, HubSilent, type HubUser } from "./hub-client.ts";
import type { HubMail } from "./hub-mail.ts";
import type { HubSettings } from "./hub-settings.ts";
import { VerifiedTokens } from "./verified-tokens.ts";

/** How a studio behind a JupyterHub lets people in. */
export interface HubAccessOptions {
  readonly settings: HubSettings;
  /** Groups of the Hub whose members may use the studio, beside administrators. */
  readonly groups: readonly string[];
  /** What addresses their commits carry. */
  readonly mail: HubMail;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}

/** Someone who is at the Hub's login. */
interface Leaving {
  readonly state: string;
  /** The path that was asked for. */
  readonly next: string;
}

const READING = new Set(["GET", "HEAD"]);

/** People sign in at the JupyterHub that the studio is a service of. */
export function hubAccess({ settings, groups, mail, fetch, clock }: HubAccessOptions): Access {
  const hub = new HubClient(settings, fetch);
  const tokens = new VerifiedTokens(hub, clock);
  const sessions = new Sessions<string>(settings.base);
  const leaving = new Sessions<Leaving>(settings.base);
  const callbackPath = pathOf(settings.callback);

  const signIn = (request: FastifyRequest, reply: FastifyReply) => {
    const state = randomBytes(16).toString("base64url");
    leaving.begin(reply, { state, next: request.url });
    const query = new URLSearchParams({
      client_id: settings.clientId,
      redirect_uri: settings.callback,
      response_type: "code",
      state,
    });
    return reply.redirect(`${settings.hub}api/oauth2/authorize?${query}`);
  };
  const comeBack = async (request: FastifyRequest, reply: FastifyReply) => {
    const { code, state } = request.query as { readonly code?: unknown; readonly state?: unknown };
    const left = leaving.of(request);
    leaving.end(request);
    if (typeof code !== "string" || left === undefined || state !== left.state) throw notFinished();
    const token = await hub.tokenFor(code).catch(hubSilent);
    if (token === undefined) throw notFinished();
    sessions.begin(reply, token);
    return reply.redirect(left.next);
  };
  return {
    loopbackOnly: false,
    async add(app: FastifyInstance) {
      app.addHook("onRequest", async (request, reply) => {
        if (request.method === "GET" && pathOf(request.url) === callbackPath) return comeBack(request, reply);
        const token = sessions.of(request);
        const fresh = !READING.has(request.method);
        const user = token && (await tokens.userOf(token, { fresh }).catch(hubSilent));
        if (!user) {
          sessions.end(request);
          if (isOpened(request)) return signIn(request, reply);
          throw signedOut();
        }
        if (!mayEnter(user, settings.accessScopes, groups)) throw notAllowed(user, groups);
        // Only a change needs it, and it may have to be asked for.
        request.person = { name: user.name, email: fresh ? await mail(user.name) : undefined };
      });
    },
  };
}

/** Administrators of the Hub, and members of the groups; each as long as the Hub gives them the service. */
function mayEnter(
  { admin, groups: own, scopes }: HubUser,
  access: readonly string[],
  groups: readonly string[],
): boolean {
  return (
    scopes.some((scope) => access.includes(scope)) && (admin || own.some((group) => groups.includes(group)))
  );
}

const pathOf = (url: string) => new URL(url, "http://studio/").pathname;

function hubSilent(error: unknown): never {
  if (!(error instanceof HubSilent)) throw error;
  throw new Refused(502, {
    code: "hub-silent",
    message: `${error.message}, so that it is not known who you are`,
    remedy: "Try again; if it stays so, tell whoever runs the JupyterHub",
  });
}

const signedOut = () =>
  new Refused(403, {
    code: "not-signed-in",
    message: "you are not signed in to the JupyterHub any more",
    remedy: "Load the page again to sign in; what you changed is kept in this tab",
  });

const notFinished = () =>
  new Refused(403, {
    code: "sign-in-not-finished",
    message: "signing in did not finish",
    remedy: "Open the studio again, in one tab",
  });

const notAllowed = ({ name }: HubUser, groups: readonly string[]) =>
  new Refused(403, {
    code: "not-allowed",
    message: `${name} may not use the studio`,
    remedy: `It is for administrators of the JupyterHub${groups.length === 0 ? "" : ` and members of ${groups.join(", ")}`}; ask one of them`,
  });
