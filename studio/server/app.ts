import cookie from "@fastify/cookie";
import rateLimit from "@fastify/rate-limit";
import Fastify, { type FastifyInstance } from "fastify";
import type { Access } from "./access/access.ts";
import { articleRoutes } from "./articles/articles.ts";
import { checkRoutes } from "./check/check.ts";
import { clusterRoutes } from "./clusters/clusters.ts";
import type { StudioContext } from "./context.ts";
import { formRoutes } from "./form/form.ts";
import { Frames } from "./form/frame/frames.ts";
import { pythonIndex } from "./form/wheels/python-index.ts";
import { cacheFolder, WheelCache } from "./form/wheels/wheel-cache.ts";
import { imageRoutes, menusOf } from "./images/images.ts";
import { ofCatalog } from "./images/known-registries.ts";
import { registryFor } from "./images/registry-access.ts";
import { type AskRegistry, Selections } from "./images/selections.ts";
import { mapRoutes } from "./map/map.ts";
import { mapReader } from "./map/read-map.ts";
import { pageRoutes } from "./page.ts";
import { saveRoutes } from "./save/save.ts";
import { answerErrors } from "./security/answer-errors.ts";
import { auditWrites } from "./security/audit.ts";
import { addSecurityHeaders } from "./security/headers.ts";
import { refuseOtherOrigins } from "./security/same-origin.ts";
import { sessionRoutes } from "./session.ts";

/** What the studio's server is made of. */
export interface StudioOptions {
  readonly studio: StudioContext;
  readonly access: Access;
  /** The path that the studio is served below; it begins and ends with `/`. */
  readonly base: string;
  /** The folder of the built page. */
  readonly page: string;
  /** What the real forms are made of. @default the person's cache, and the Python index of this machine */
  readonly wheels?: WheelCache;
  /** Asks a registry. @default with the logins of this machine's Docker */
  readonly registry?: AskRegistry;
  /** How many requests one person may make in a minute. @default 600 */
  readonly requestsPerMinute?: number;
}

/** A change of a thousand profiles is below this. */
const BODY_LIMIT = 2 * 1024 * 1024;

/** The studio's server; it listens to nothing yet. */
export async function buildStudio(options: StudioOptions): Promise<FastifyInstance> {
  const { studio, access, base, page, requestsPerMinute = 600 } = options;
  const { wheels = ownWheels(studio.clock) } = options;
  const { registry = (host: string) => registryFor(host, studio.clock) } = options;
  const readMap = mapReader(studio);
  const selections = new Selections(studio.clock, ofCatalog(studio.catalog, registry));
  const app = Fastify({ bodyLimit: BODY_LIMIT, routerOptions: { ignoreTrailingSlash: false } });
  // A form of another site can send plain text.
  app.removeContentTypeParser("text/plain");
  answerErrors(app, studio.log);
  await addSecurityHeaders(app);
  auditWrites(app, studio);
  await app.register(cookie);
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: "1 minute",
    // Behind a proxy, all people have one address.
    keyGenerator: ({ person, ip }) => person?.name ?? ip,
  });
  refuseOtherOrigins(app, access);
  await app.register(
    async (inside) => {
      await access.add(inside);
      await inside.register(
        async (api) => {
          await api.register(sessionRoutes, { studio });
          await api.register(articleRoutes, { studio, readMap });
          await api.register(mapRoutes, { studio, readMap });
          await api.register(clusterRoutes, { studio });
          await api.register(checkRoutes, { studio });
          await api.register(imageRoutes, { studio, selections });
          await api.register(formRoutes, {
            studio,
            frames: new Frames(wheels),
            menus: (images) => menusOf(images, selections),
          });
          await api.register(saveRoutes, { studio });
          // Signed in or not: a stranger does not learn which addresses there are.
          api.all("/*", (_request, reply) => reply.callNotFound());
        },
        { prefix: "api" },
      );
      await inside.register(pageRoutes, { base, page });
    },
    { prefix: base },
  );
  return app;
}

const ownWheels = (clock: StudioContext["clock"]) =>
  new WheelCache(cacheFolder(process.env), pythonIndex({ fetch, clock }, process.env));
