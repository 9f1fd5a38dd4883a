import { momentOf } from "./calendar/moment.ts";
import { deploy } from "./deploy.ts";
import { catalogPolicy } from "./policy.ts";
import { readConfig } from "./read-config.ts";

/**
 * Everything in the catalog. In staging, authors look before readers do; a sandbox has stand-in services on this
 * machine; of the action, the catalog is the one article or kernel of an author's own repository: see action.yml.
 */
export async function program(): Promise<Record<string, unknown>> {
  const config = readConfig();
  const now = momentOf(config);
  return deploy(config, catalogPolicy(config, now), now);
}
