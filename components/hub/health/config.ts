import { z } from "zod";

/** The slice of a stack's configuration that health checks of hubs use: every key is below `lectern:`. */
export const healthConfig = {
  hubTokens: z.record(z.string(), z.string().min(1)).optional().meta({
    description:
      'API tokens by hub, as one JSON object such as {"campus/staging": "…"}: of a service of the hub that may create a test user, start and stop its server, and access it. A secret: `pulumi config set --secret lectern:hubTokens`. Without one, a check starts no server',
    secret: true,
  }),
};
