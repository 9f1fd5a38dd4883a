import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { articlesSchema, deployedDifferenceSchema, oneArticleSchema } from "../../api/articles.ts";
import type { StudioPluginOptions } from "../context.ts";
import type { ReadMap } from "../map/read-map.ts";
import { articleFolder, articleName } from "./article-folder.ts";
import { deployedDifference } from "./deployed/deployed-difference.ts";
import {
  articleImage,
  DIFFERENCE_POLICY,
  FRAME_POLICY,
  frameAsset,
  missing,
  notebookFrame,
} from "./notebook-frame.ts";
import { readArticles, readOne } from "./read-articles.ts";

const notebookName = articleName.extend({ index: z.coerce.number().int().min(0).max(10_000) });
const stackName = articleName.extend({ stack: z.string().min(1).max(200) });
const fileName = articleName.extend({ "*": z.string().min(1).max(1000) });
const assetName = z.object({ "*": z.string().max(200) });

/** The routes of the page Articles. */
export async function articleRoutes(
  app: FastifyInstance,
  { studio, readMap }: StudioPluginOptions & { readonly readMap: ReadMap },
): Promise<void> {
  const one = async (params: unknown) => {
    const folder = await articleFolder(studio.catalog, articleName.parse(params));
    return { folder, article: oneArticleSchema.parse(await readOne(folder, await readMap())) };
  };
  app.get("/articles", async () => articlesSchema.parse(await readArticles(studio.catalog, await readMap())));
  app.get("/articles/:kind/:slug", async ({ params }) => (await one(params)).article);
  app.get("/articles/:kind/:slug/notebook/:index", async ({ params }, reply) => {
    const { index } = notebookName.parse(params);
    const { folder, article } = await one(params);
    const html = await notebookFrame(folder, article, index, `${app.prefix}/`);
    return reply
      .header("content-security-policy", FRAME_POLICY)
      .header("x-frame-options", "SAMEORIGIN")
      .type("text/html; charset=utf-8")
      .send(html);
  });
  const different = async (params: unknown) => {
    const { stack, ...name } = stackName.parse(params);
    const folder = await articleFolder(studio.catalog, name);
    return deployedDifference({ map: await readMap(), root: studio.root, folder, name, stack });
  };
  app.get("/articles/:kind/:slug/deployed/:stack", async ({ params }) =>
    deployedDifferenceSchema.parse((await different(params)).difference),
  );
  app.get("/articles/:kind/:slug/deployed/:stack/page", async ({ params }, reply) => {
    const { page } = await different(params);
    if (page === undefined) throw missing("no cell of the article differs");
    return reply
      .header("content-security-policy", DIFFERENCE_POLICY)
      .header("x-frame-options", "SAMEORIGIN")
      .type("text/html; charset=utf-8")
      .send(page);
  });
  app.get("/articles/:kind/:slug/files/*", async ({ params }, reply) => {
    const { "*": path, ...name } = fileName.parse(params);
    const { type, bytes } = await articleImage(await articleFolder(studio.catalog, name), path);
    // An SVG that is opened by itself would run its scripts.
    return reply.header("content-security-policy", "default-src 'none';sandbox").type(type).send(bytes);
  });
  app.get("/article-assets/*", async ({ params }, reply) => {
    const { type, bytes } = await frameAsset(assetName.parse(params)["*"]);
    return reply.header("cache-control", "private, max-age=3600").type(type).send(bytes);
  });
}
