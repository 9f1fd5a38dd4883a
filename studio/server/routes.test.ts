import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { FastifyInstance } from "fastify";
import { expect, it } from "vitest";
import { STUDIO_HEADER } from "../api/request-header.ts";
import { trialStudio } from "./testing/trial-studio.ts";

/** A route as Fastify reports it when it is added. */
interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly readsOnly: boolean;
}

/** A studio with every route of it, those of later pages too. */
async function studioWithRoutes() {
  const routes: Route[] = [];
  const onMade = (made: unknown) => {
    const { fastify } = made as { readonly fastify: FastifyInstance };
    fastify.addHook("onRoute", ({ method, url, config }) => {
      const readsOnly = config?.readsOnly === true;
      for (const one of [method].flat())
        if (METHODS.has(one)) routes.push({ method: one as Route["method"], url, readsOnly });
    });
  };
  subscribe("fastify.initialization", onMade);
  try {
    const studio = await trialStudio();
    await studio.app.ready();
    return { ...studio, routes };
  } finally {
    unsubscribe("fastify.initialization", onMade);
  }
}

const METHODS: ReadonlySet<string> = new Set(["GET", "POST", "PUT", "PATCH", "DELETE"]);
/** What stands for a parameter of an address: the rule is the same for all. */
const filled = (url: string) => url.replaceAll(/:\w+/g, "x").replace("*", "x");

it("every route gives a stranger nothing, and every write one from another site", async () => {
  const { routes, ask, asAda } = await studioWithRoutes();
  const urls = routes.map(({ method, url }) => `${method} ${url}`);
  expect(urls).toEqual(expect.arrayContaining(["GET /api/articles", "GET /api/session", "GET /assets/*"]));
  for (const { method, url } of routes) {
    const payload = method === "GET" ? {} : { payload: {} };
    const own = { [STUDIO_HEADER]: "1" };
    const stranger = await ask(filled(url), { method, headers: own, ...payload });
    expect(stranger.statusCode, `${method} ${url}`).toBe(403);
    if (method === "GET") continue;
    for (const headers of [{ [STUDIO_HEADER]: undefined }, { origin: "https://evil.example" }]) {
      const forged = await asAda(filled(url), { method, headers, ...payload });
      expect([forged.statusCode, forged.json().problems[0].code], `${method} ${url}`).toEqual([
        403,
        "other-site",
      ]);
    }
  }
});

it("every write of somebody who is signed in leaves a line in the log", async () => {
  const { routes, asAda, logged } = await studioWithRoutes();
  // Of these nothing is logged, as they write nothing.
  const reading = routes.filter(({ readsOnly }) => readsOnly).map(({ url }) => url);
  expect(reading.sort()).toEqual([
    "/api/check",
    "/api/form",
    "/api/images",
    "/api/images/difference",
    "/api/images/tags",
    "/api/save/preview",
  ]);
  for (const { method, url, readsOnly } of routes) {
    if (method === "GET" || readsOnly) continue;
    await asAda(filled(url), { method, payload: {} });
    await expect
      .poll(() => logged.at(-1))
      .toMatch(new RegExp(`^audit \\S+ "Ada <ada@example.org>" ${method} /\\S* \\d+$`));
    logged.length = 0;
  }
});
