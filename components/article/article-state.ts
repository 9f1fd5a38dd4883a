import { z } from "zod";
import type { Properties } from "../resource/provider.ts";

/** What the program says of an article; see article.ts for where each comes from. */
export const articleInputs = z.looseObject({
  kind: z.enum(["course", "blog"]),
  slug: z.string().min(1),
  /** Relative to the project's root, or absolute. */
  folder: z.string().min(1),
  title: z.string(),
  fingerprint: z.string(),
  parts: z.record(z.string(), z.string()).default({}),
  titlePrefix: z.string().optional(),
  visibility: z.string().optional(),
  /** Display names of the kernels that exist; without it `kernelId` is not checked. */
  declaredKernels: z.array(z.string()).optional(),
  /** The run in which the ledger announced this article. */
  ledger: z.string().optional(),
  customId: z.string().optional(),
  confirmAbsent: z.union([z.boolean(), z.string()]).optional(),
});

export type ArticleInputs = z.output<typeof articleInputs>;

/**
 * Where an article stands, as far as is known.
 * - `processed`: it is as the catalog says, and readers find it.
 * - `processing`: qBook took it, and was not seen to finish. The next run waits on, and sends nothing.
 * - `failed`: qBook took it and couldn't process it. The next run sends it again.
 * - `refused`: qBook certainly did not create it. The next run may.
 * - `uncertain`: it was sent for creation, and the reply is lost. A person must look.
 * - `gone`: it was there, and is not any more. A person must say what now.
 */
const ARTICLE_STATES = ["processed", "processing", "failed", "refused", "uncertain", "gone"] as const;
export type ArticleState = (typeof ARTICLE_STATES)[number];

/** What qBook was last sent and took. */
const applied = z.object({
  fingerprint: z.string(),
  parts: z.record(z.string(), z.string()),
  titlePrefix: z.string().optional(),
  visibility: z.string().optional(),
  commit: z.string(),
});
export type Applied = z.output<typeof applied>;

/** What the engine keeps of an article, beside its inputs. */
export const articleOutputs = articleInputs.extend({
  state: z.enum(ARTICLE_STATES),
  url: z.string().optional(),
  applied: applied.optional(),
});
export type ArticleOutputs = z.output<typeof articleOutputs>;

/** What of an article is known from a run: the rest of the outputs are its inputs. */
export interface Standing {
  readonly state: ArticleState;
  readonly customId?: string | undefined;
  readonly url?: string | undefined;
  readonly applied?: Applied | undefined;
}

/** The outputs to save; the customId is the one in use, whatever the inputs ask for. */
export function outputs(inputs: ArticleInputs, standing: Standing): Properties {
  const { customId: _asked, ...rest } = inputs;
  const { state, customId, url, applied } = standing;
  return withoutUndefined({ ...rest, state, customId, url, applied });
}

/** The article's identity: `course/<slug>`. It is the Pulumi id, and stays. */
export const articleId = (inputs: { kind: string; slug: string }) => `${inputs.kind}/${inputs.slug}`;

/** The engine's wire has no undefined. */
function withoutUndefined(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, isPlain(value) ? withoutUndefined(value) : value]),
  );
}

function isPlain(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
