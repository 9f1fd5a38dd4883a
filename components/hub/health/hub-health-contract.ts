import { z } from "zod";
import { releaseTarget } from "../release/release-target.ts";

/** Seconds that a check may take at the most, without the watch after it. */
const LONGEST_CHECK = 600;

/** What a check has proven, in the order in which it is checked. */
const evidence = z.enum(["endpoint", "server", "notebook", "settled"]);
export type Evidence = z.output<typeof evidence>;

/** The custom resource `HubHealth`: checks a hub after each change of its release. */
export const hubHealthContract = {
  kind: "HubHealth",
  inputs: z.object({
    ...releaseTarget,
    /** The hub's ID, `<cluster>/<hub>`: the key of its token. */
    hub: z.string(),
    /** The digest of chart and values: the check runs when it changes. */
    change: z.string(),
    /** The hub's address, with its base path. Without it, only the endpoint is checked, through the cluster's API. */
    url: z
      .url({ protocol: /^https?$/ })
      .refine((url) => !/[?#]|\/\/[^/]*@/.test(url), {
        error: "must not contain a user, password or query: the hub's token is of lectern:hubTokens",
      })
      .optional(),
    attempts: z.int().min(1).default(3),
    /** Seconds for all attempts together. */
    limit: z.number().positive().max(LONGEST_CHECK).default(LONGEST_CHECK),
    /** Minutes for which the hub's pods are watched afterwards; 0 looks once. */
    settle: z.number().min(0).default(2),
    testUser: z.string().min(1).default("lectern-health"),
    /** Executed in the server of the test user; the path is relative to the project. */
    notebook: z.object({ path: z.string(), digest: z.string() }).optional(),
    /** `{chart, version, values}` as JSON, a secret: what is kept where the hub is healthy with it. */
    deployment: z.string(),
    /** Whether the hub is held: what was found before stays. */
    held: z.boolean().default(false),
  }),
  state: z.object({
    /** Where the hub is; an earlier version did not keep it. */
    ...z.object(releaseTarget).partial().shape,
    healthy: z.boolean(),
    /** What was checked last; empty where that was a hub which is held. */
    change: z.string(),
    /** The digest of how it was checked. */
    checks: z.string(),
    checked: z.array(evidence).readonly(),
    /** Since when the hub is healthy, or unhealthy, with this change: ISO 8601. */
    since: z.string(),
    /** `deployment` of the last healthy check, a secret. */
    lastHealthy: z.string().optional(),
  }),
};
