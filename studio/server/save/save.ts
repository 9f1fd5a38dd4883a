import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { draftSchema, fileSchema, previewSchema, proposalSchema, proposedSchema } from "../../api/save.ts";
import type { StudioPluginOptions } from "../context.ts";
import { BaseTexts } from "./change/base-texts.ts";
import { isEditable } from "./change/editable.ts";
import { previewOf } from "./preview.ts";
import { propose } from "./propose.ts";
import { notEditable, readEditable } from "./read-file.ts";

const fileQuery = z.object({ path: z.string().max(500) });
const previewQuery = z.object({ fetch: z.literal("1").optional() });

/** Reads files that the page changes, and saves what it has changed. */
export async function saveRoutes(app: FastifyInstance, { studio }: StudioPluginOptions): Promise<void> {
  const texts = new BaseTexts();
  const oneByOne = queue();
  app.get("/save/file", async ({ query }) => {
    const { path } = fileQuery.parse(query);
    return fileSchema.parse(await readEditable(studio.catalog, path, texts));
  });
  app.post("/save/preview", { config: { readsOnly: true } }, async ({ query, body, person }) => {
    const fetch = previewQuery.parse(query).fetch === "1";
    const draft = editable(draftSchema.parse(body));
    return previewSchema.parse(await previewOf({ studio, texts, draft, person, fetch }));
  });
  app.post("/save/propose", async ({ body, person }) => {
    const draft = editable(proposalSchema.parse(body));
    const proposed = await oneByOne(() => propose({ studio, texts, draft, person, fetch: true }));
    return proposedSchema.parse(proposed);
  });
}

function editable<T extends z.output<typeof draftSchema>>(draft: T): T {
  const other = draft.edits.find(({ path }) => !isEditable(path));
  if (other) throw notEditable(other.path);
  return draft;
}

/** Whoever proposes the same twice at once gets one branch. */
function queue() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}
