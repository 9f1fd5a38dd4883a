import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { Person } from "../context.ts";
import { Refused } from "../refused.ts";
import type { Access } from "./access.ts";
import { Sessions } from "./sessions.ts";

/** Access on one's own machine. */
export interface LocalAccess extends Access {
  /** The query that signs one browser in: `?token=…`. It works once; each call makes one. */
  invitation(): string;
}

/** @param person who commits in this repository, from git's configuration */
export function localAccess(base: string, person: Person, used: () => void = () => {}): LocalAccess {
  const invitations = new Set<string>();
  const sessions = new Sessions<Person>(base);
  const takeInvitation = (token: string) => {
    const match = [...invitations].find((one) => isSame(one, token));
    return match !== undefined && invitations.delete(match);
  };
  return {
    loopbackOnly: true,
    invitation() {
      const token = randomBytes(24).toString("base64url");
      invitations.add(token);
      return `?token=${token}`;
    },
    async add(app: FastifyInstance) {
      app.addHook("onRequest", async (request, reply) => {
        const { token } = request.query as { readonly token?: unknown };
        if (request.method === "GET" && typeof token === "string" && takeInvitation(token)) {
          sessions.begin(reply, person);
          used();
          return reply.redirect(base);
        }
        const known = sessions.of(request);
        if (!known) throw notSignedIn();
        request.person = known;
      });
    },
  };
}

const digest = (text: string) => createHash("sha256").update(text).digest();
const isSame = (one: string, other: string) => timingSafeEqual(digest(one), digest(other));

const notSignedIn = () =>
  new Refused(403, {
    code: "not-signed-in",
    message: "this browser is not signed in",
    remedy: "Open the newest address that `lectern studio` printed; each works once",
  });
