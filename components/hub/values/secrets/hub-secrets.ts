import { z } from "zod";
import type { JsonObject } from "../../../json.ts";
import type { ValuesLayer } from "../layers.ts";

const KEY = "lectern:hubSecrets";

/** `lectern:hubSecrets`, a secret: values by the hub's ID, such as `campus/staging`. */
export const hubSecretsSchema = z.record(z.string(), z.record(z.string(), z.unknown()));
export type HubSecrets = Readonly<Record<string, JsonObject>>;

/** The secret values of a hub, the last of its layers; undefined where it has none. */
export function hubSecretsLayer(secrets: HubSecrets, hub: string): ValuesLayer | undefined {
  const values = Object.hasOwn(secrets, hub) ? secrets[hub] : undefined;
  return values && { source: KEY, values, secret: true };
}
