import { z } from "zod";
import { problemSchema } from "../../components/problem/problem-schema.ts";

/** What one stack has of an article, as far as a report of it tells. */
const deployedSchema = z.object({
  stack: z.string(),
  /** `same`: the content of the catalog; `differs`: another one; `none`: the stack does not have it. */
  state: z.enum(["same", "differs", "none", "unknown"]),
  /** Since when the stack has it as it is. */
  since: z.string().optional(),
  /** Why the stack holds it back. */
  held: z.string().optional(),
  url: z.string().optional(),
});
export type Deployed = z.output<typeof deployedSchema>;

const articleSchema = z.object({
  kind: z.enum(["course", "blog"]),
  /** The folder's name, which is the article's identity. */
  slug: z.string(),
  /** What readers see; absent where course.json can't be read. */
  title: z.string().optional(),
  problems: z.array(problemSchema),
  /** One for each stack that a report is known of. */
  deployed: z.array(deployedSchema),
});
export type ArticleEntry = z.output<typeof articleSchema>;

/** `GET /api/articles`: the courses and blogs of the catalog with their problems. */
export const articlesSchema = z.object({
  articles: z.array(articleSchema),
  /** What the check itself says, one sentence each without a full stop. */
  notes: z.array(z.string()),
});
export type Articles = z.output<typeof articlesSchema>;

/**
 * `GET /api/articles/<kind>/<slug>/deployed/<stack>`: what differs between what a stack has and the catalog. A page with the
 * cells is at `page` below it, where a notebook has cells on both sides.
 */
export const deployedDifferenceSchema = z.object({
  /** The commit whose content the stack has, full ID; absent where that is unknown. */
  commit: z.string().optional(),
  /** Why the deployed content is not known, without a full stop. */
  unknown: z.string().optional(),
  /** The notebooks that differ. */
  lessons: z.array(
    z.object({
      /** `chapter 2 'Two qubits'` */
      label: z.string(),
      change: z.enum(["added", "removed", "changed"]),
      /** How many cells differ; absent where one side has none. */
      cells: z
        .object({ added: z.number(), removed: z.number(), changed: z.number(), outputs: z.number() })
        .optional(),
    }),
  ),
  /** What else differs: `image bell.png added`. */
  others: z.array(z.string()),
});
export type DeployedDifference = z.output<typeof deployedDifferenceSchema>;

/**
 * `GET /api/articles/<kind>/<slug>`: one article with its chapters and sections in reading order. A notebook's page is at
 * `notebook/<index>` below it.
 */
export const oneArticleSchema = articleSchema.extend({
  description: z.string().optional(),
  lessons: z.array(
    z.object({
      title: z.string(),
      level: z.enum(["chapter", "section"]),
      /** The notebook, from the article's folder; absent where course.json has none or not as a text. */
      notebook: z.string().optional(),
    }),
  ),
});
export type OneArticle = z.output<typeof oneArticleSchema>;
