import { z } from "zod";

const secret = (description: string) => z.string().min(1).optional().meta({ description, secret: true });

/** How qBook is reached: every key is below `lectern:`. Articles and the kernel service share it. */
export const qbookConfig = {
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .default("https://api-v2.qbraid.com/api/v1")
    .describe("Base URL of the qBook API. Plain http is for this machine only"),
  apiKey: secret("The qBook API key. A secret: `pulumi config set --secret lectern:apiKey`"),
  repoReadToken: secret(
    "A token with which qBook reads the repository; none where it is public. A secret, short-lived, best set by CI",
  ),
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
};
