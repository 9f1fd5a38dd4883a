import { z } from "zod";

const severity = z.enum(["error", "warning"]);
const secret = (description: string) => z.string().min(1).optional().meta({ description, secret: true });

/** What is configured for one article, by `course/<slug>` or `blog/<slug>`. */
const articleAnswer = z.strictObject({
  customId: z
    .string()
    .regex(/^[\w-]{1,128}$/, "expected an id as qBook gives it: letters, digits, - and _")
    .optional()
    .describe("Adopt: the id on qBook of the article that exists there already; none is created"),
  confirmAbsent: z
    .union([z.literal(true), z.string().min(1)])
    .optional()
    .describe(
      "Create: you looked, and the article is not on qBook. Counts for one attempt; if that one is lost too, look again and answer with another word, e.g. the date",
    ),
});

/** The slice of a stack's configuration that articles use: every key is below `lectern:`. */
export const articleConfig = {
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .default("https://api-v2.qbraid.com/api/v1")
    .describe("Base URL of the qBook API. Plain http is for this machine only"),
  apiKey: secret("The qBook API key. A secret: `pulumi config set --secret lectern:apiKey`"),
  repoReadToken: secret(
    "A token with which qBook reads the repository; none where it is public. A secret, short-lived, best set by CI",
  ),
  source: z
    .enum(["commit", "folder"])
    .default("commit")
    .describe("What is deployed: a pushed `commit`, or, in the sandbox, the `folder` as it is"),
  processingLimit: z
    .number()
    .positive()
    .default(1800)
    .describe("Seconds to wait until qBook has processed an article"),
  requestTimeout: z.number().positive().default(60).describe("Seconds until a call to qBook is given up"),
  requestLimit: z
    .int()
    .positive()
    .default(900)
    .describe("Calls to qBook within 15 minutes, at the most; qBook allows a user 1000"),
  pollInterval: z
    .int()
    .positive()
    .default(1000)
    .describe("Milliseconds before qBook is first asked whether it has processed an article; grows to 15 s"),
  rules: z
    .strictObject({
      credentials: severity.exactOptional().describe("Leaked credentials in a notebook. Default: error"),
      activeContent: severity.exactOptional().describe("Scripts and the like in a notebook. Default: error"),
      missingImages: severity.exactOptional().describe("Images that are not there. Default: error"),
    })
    .default({})
    .describe("How severe a finding in a notebook is"),
  articles: z
    .record(
      z.string().regex(/^(course|blog)\/[^/]+$/, "expected course/<folder> or blog/<folder>"),
      articleAnswer,
    )
    .default({})
    .describe("What a person decided about single articles, by `course/<folder>` or `blog/<folder>`"),
  titlePrefix: z
    .string()
    .optional()
    .describe("Put before every title of this stack, e.g. `[staging] ` where stacks share one qBook"),
  visibility: z
    .string()
    .min(1)
    .optional()
    .describe("The visibility of every article of this stack, whatever its course.json says"),
};
