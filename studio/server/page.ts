import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

/** Where the page is, and where it is served. */
interface PageOptions {
  readonly base: string;
  /** The folder of the built page. */
  readonly page: string;
}

/** Serves the built page: its document at each address that is no file, as the page knows its own addresses. */
export async function pageRoutes(app: FastifyInstance, { base, page }: PageOptions): Promise<void> {
  const document = await readFile(join(page, "index.html"), "utf8");
  await app.register(fastifyStatic, {
    root: join(page, "assets"),
    prefix: "/assets/",
    // Their names have a hash of their content.
    immutable: true,
    maxAge: "365d",
    index: false,
    redirect: false,
    dotfiles: "deny",
  });
  app.get("/*", async (_request, reply) => {
    const { style } = reply.cspNonce;
    return reply
      .type("text/html; charset=utf-8")
      .send(document.replace('<base href="/" />', `<base href="${base}" />`).replace("__NONCE__", style));
  });
}
