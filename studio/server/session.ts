import { basename } from "node:path";
import type { FastifyInstance } from "fastify";
import { sessionSchema } from "../api/session.ts";
import type { StudioPluginOptions } from "./context.ts";

/** Who is signed in, for the page's head. */
export async function sessionRoutes(app: FastifyInstance, { studio }: StudioPluginOptions): Promise<void> {
  app.get("/session", async ({ person }) =>
    sessionSchema.parse({ person, repository: basename(studio.root) }),
  );
}
