import { momentOf } from "./calendar/moment.ts";
import { deploy } from "./deploy.ts";
import { prodPolicy } from "./promotion/prod-policy.ts";
import { readConfig } from "./read-config.ts";

/** What staging has proven, and nothing else; what is there is protected. */
export async function program(): Promise<Record<string, unknown>> {
  const config = readConfig();
  const now = momentOf(config);
  return deploy(config, await prodPolicy(config, now), now);
}
