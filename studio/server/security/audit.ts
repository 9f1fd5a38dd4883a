import type { FastifyInstance } from "fastify";
import type { StudioContext } from "../context.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whether a route writes nothing, though its request has a body. */
    readonly readsOnly?: boolean;
  }
}

const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/** Logs one line per write: when, who, what, and how it ended. No body, as one may hold anything. */
export function auditWrites(app: FastifyInstance, { log, clock }: StudioContext): void {
  app.addHook("onResponse", async (request, reply) => {
    if (READING.has(request.method) || request.routeOptions.config.readsOnly) return;
    const { name, email } = request.person ?? { name: "nobody", email: undefined };
    const who = email === undefined ? name : `${name} <${email}>`;
    const [path = ""] = request.url.split("?");
    const when = new Date(clock.now()).toISOString();
    log(oneLine(`audit ${when} ${JSON.stringify(who)} ${request.method} ${path} ${reply.statusCode}`));
  });
}

/** A name or an address must not begin a line of its own. */
const oneLine = (text: string) => text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, "\ufffd");
