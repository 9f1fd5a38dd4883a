import { healthConfig } from "./health/config.ts";
import { hubSecretsSchema } from "./values/secrets/hub-secrets.ts";

/** The slice of a stack's configuration that hubs use: every key is below `lectern:`. */
export const hubConfig = {
  ...healthConfig,
  hubSecrets: hubSecretsSchema.optional().meta({
    description:
      'Secret values by hub, as one JSON object such as {"campus/staging": {"hub": {"config": {…}}}}; they go over all other values. A secret: `pulumi config set --secret lectern:hubSecrets`',
    secret: true,
  }),
};
