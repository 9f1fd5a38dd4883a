import { z } from "zod";
import { EMBED_HOSTS } from "./source/markup/embed-hosts.ts";

const severity = z.enum(["error", "warning"]);

/** What is configured for one article, by `course/<slug>` or `blog/<slug>`. */
const articleAnswer = z.strictObject({
  customId: z
    .string()
    .regex(/^[\w-]{1,128}$/, "expected a qBook ID: letters, digits, - and _")
    .optional()
    .describe("Adopt: the ID of the article that exists on qBook already; none is created"),
  confirmAbsent: z
    .union([z.literal(true), z.string().min(1)])
    .optional()
    .describe(
      "Create: you looked, and the article is not on qBook. Counts for one attempt; if that one is lost too, look again and answer with another value, such as the date",
    ),
});

/** The slice of a stack's configuration that articles use: every key is below `lectern:`. */
export const articleConfig = {
  source: z
    .enum(["commit", "folder"])
    .default("commit")
    .describe("What is deployed: a pushed `commit`, or, in the sandbox, the `folder` as it is"),
  forceDuplicateQuestions: z
    .boolean()
    .default(false)
    .describe("Whether qBook takes questions again that it has already, when an article is sent"),
  runAttempt: z
    .int()
    .positive()
    .default(1)
    .describe(
      "Which attempt of a CI run this is, for qBook's own records. Default: GITHUB_RUN_ATTEMPT, which GitHub Actions sets, or 1",
    ),
  parallelCreations: z
    .int()
    .positive()
    .default(8)
    .describe(
      "How many new articles are created at the same time. If a deployment is interrupted, at most so many have to be looked up on qBook",
    ),
  processingLimit: z
    .number()
    .positive()
    .default(1800)
    .describe("Seconds to wait until qBook has processed an article"),
  settleTime: z
    .number()
    .nonnegative()
    .default(60)
    .describe(
      "Seconds. A status that qBook already reported before an update counts as the update's result only after it has stayed the same for this long, unless the URL or the revision changed",
    ),
  rules: z
    .strictObject({
      credentials: severity.exactOptional().describe("Leaked credentials in a notebook. Default: error"),
      activeContent: severity.exactOptional().describe("Scripts and the like in a notebook. Default: error"),
      missingImages: severity.exactOptional().describe("Missing images. Default: error"),
    })
    .default({})
    .describe("How severe a finding in a notebook is"),
  embedHosts: z
    .array(
      z
        .string()
        .regex(/^(?:[a-z0-9-]+\.)+[a-z0-9-]+$/, "expected a host in lower case, such as video.example.org"),
    )
    .default([...EMBED_HOSTS])
    .describe("Sites whose pages a notebook may embed in an <iframe>, subdomains included"),
  articles: z
    .record(
      z.string().regex(/^(course|blog)\/[^/]+$/, "expected course/<folder> or blog/<folder>"),
      articleAnswer,
    )
    .default({})
    .describe("Decisions about individual articles, by `course/<folder>` or `blog/<folder>`"),
  titlePrefix: z
    .string()
    .optional()
    .describe("A prefix for every title of this stack, such as `[staging] ` where stacks share one qBook"),
  visibility: z
    .string()
    .min(1)
    .optional()
    .describe("The visibility of every article of this stack, whatever its course.json says"),
};
