import { z } from "zod";
import type { Inputs, Planned, State } from "../resource/contract.ts";

/**
 * - `processed`: it is as the catalog says, and readers find it. `evidence` says how that is known.
 * - `processing`: qBook took it, and was not seen to finish; `pending` says what to look for. The next run waits, and sends nothing.
 * - `failed`: qBook took it and couldn't process it. The next run sends it again.
 * - `refused`: qBook certainly did not create it. The next run may.
 * - `uncertain`: it was sent for creation, and the reply is lost. A person must look.
 * - `gone`: it was on qBook and no longer is. A person must decide.
 */
const ARTICLE_STATES = ["processed", "processing", "failed", "refused", "uncertain", "gone"] as const;

/** What qBook was last sent and took. */
const applied = z.object({
  fingerprint: z.string(),
  /** Digests of its parts by their labels, for the next plan to name what changed: see source/changes.ts. */
  parts: z.union([z.string(), z.record(z.string(), z.string())]),
  titlePrefix: z.string().optional(),
  visibility: z.string().optional(),
  commit: z.string(),
});
export type Applied = z.output<typeof applied>;

/** Content that qBook took, and was not yet seen to process. */
const pending = z.object({
  /** Milliseconds since the epoch. */
  sentAt: z.number(),
  /** What the status endpoint said before it was sent; absent for a new article. */
  before: z
    .object({ status: z.string(), url: z.string().optional(), revision: z.string().optional() })
    .optional(),
  /** Whether the article has been in processing again since. */
  left: z.boolean(),
});
export type Pending = z.output<typeof pending>;

/**
 * How it is known that a status is about the content that was sent last, and not about what was there before.
 * - `new`: there was nothing before.
 * - `status`: the status changed after the content was sent.
 * - `url`, `revision`: the API names another one than before.
 * - `settled`: nothing else was seen, and the status has not changed for `lectern:settleTime`.
 */
const EVIDENCE = ["new", "status", "url", "revision", "settled"] as const;
export type Evidence = (typeof EVIDENCE)[number];

/** An article of this stack that left the catalog, and that qBook still has. */
const formerArticle = z.object({
  /** Such as `course/bell-states`. */
  id: z.string(),
  title: z.string(),
  /** Empty where it was never learned. */
  customId: z.string(),
  url: z.string(),
});
export type FormerArticle = z.output<typeof formerArticle>;

const kind = z.enum(["course", "blog"]);
const slug = z.string().min(1);

/** What decides whether an article is valid and may be sent; its ledger is given the same. */
export const validationInputs = {
  /** Relative to the project's root, or absolute. */
  folder: z.string().min(1),
  fingerprint: z.string(),
  titlePrefix: z.string().optional(),
  visibility: z.string().optional(),
  /** Display names of the kernels that exist; without it `kernelId` is not checked. */
  declaredKernels: z.array(z.string()).optional(),
  /** The ID on qBook of an article to adopt. */
  customId: z.string().optional(),
  confirmAbsent: z.union([z.boolean(), z.string()]).optional(),
  /** What the article may be a new form of: it is created only where a person has answered. */
  former: formerArticle.optional(),
};

/** Set in a deployment and absent in a preview, which a provider can't tell by itself; its check removes it. */
export const deploying = z.literal(true).optional();

/** A course or a blog on qBook. Its Pulumi ID is {@link articleId}. */
export const articleContract = {
  kind: "Article",
  inputs: z.object({
    kind,
    slug,
    title: z.string(),
    ...validationInputs,
    /** The run in which the ledger announced this article. */
    ledger: z.string().optional(),
    /** What versions before 0.2 made of the content that `fingerprint` is of; the provider's check removes it. */
    earlierFingerprint: z.string().optional(),
    /** The checks that found nothing to report in this content; the provider's check fills it in. */
    validatedBy: z.string().optional(),
    deploying,
  }),
  state: z.object({
    kind,
    slug,
    title: z.string(),
    state: z.enum(ARTICLE_STATES),
    /** The ID on qBook that is in use, whatever the inputs ask for. */
    customId: z.string().optional(),
    url: z.string().optional(),
    applied: applied.optional(),
    /** Only while it is `processing`; earlier versions did not keep it. */
    pending: pending.optional(),
    /** Of what was last seen to end; earlier versions did not ask for any. */
    evidence: z.enum(EVIDENCE).optional(),
  }),
};

export type ArticleInputs = Inputs<typeof articleContract>;
export type PlannedArticle = Planned<typeof articleContract>;
export type SavedArticle = State<typeof articleContract>;

/** What a plan knows of an article that is validated: each input may be unknown, and a ledger's may be missing. */
export type ValidationTarget = {
  readonly [K in "kind" | "slug" | keyof typeof validationInputs]?: PlannedArticle[K] | undefined;
};

/** An article of which everything is known that a validation needs. */
export type KnownArticle = Pick<ArticleInputs, keyof ValidationTarget>;

/** The same of the last deployment. */
export type ValidationBaseline = {
  readonly [K in keyof typeof validationInputs]?: ArticleInputs[K] | undefined;
};

/** How far a run got with an article; the rest of its state comes from its inputs. */
export type ArticleProgress = Omit<SavedArticle, "kind" | "slug" | "title">;

/** The article's identity: `course/<slug>`. It is the Pulumi ID and never changes. */
export const articleId = ({ kind, slug }: { kind: string; slug: string }) => `${kind}/${slug}`;
