import { z } from "zod";

const secret = (description: string) => z.string().min(1).optional().meta({ description, secret: true });

/** How qBook is reached: every key is below `lectern:`. Articles and the kernel service share it. */
export const qbookConfig = {
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .default("https://api-v2.qbraid.com/api/v1")
    .describe("Base URL of the qBook API. Plain http is for this machine only"),
  siteUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where people find their articles on qBook, for questions that send somebody there"),
  apiKey: secret("The qBook API key. A secret: `pulumi config set --secret lectern:apiKey`"),
  repoReadToken: secret(
    "A token with which qBook reads the repository; not needed if it is public. A secret, best short-lived and set by CI",
  ),
  requestTimeout: z.number().positive().default(60).describe("Seconds until a call to qBook times out"),
  requestLimit: z
    .int()
    .positive()
    .default(900)
    .describe("The most calls to qBook within 15 minutes; qBook allows 1000 per user"),
  pollInterval: z
    .int()
    .positive()
    .default(1000)
    .describe("Milliseconds before qBook is first asked whether it has processed an article; grows to 15 s"),
};
