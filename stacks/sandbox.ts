import { deploy } from "./deploy.ts";
import { catalogPolicy } from "./policy.ts";
import { readConfig } from "./read-config.ts";

/** Everything in the catalog, against stand-in services on this machine. */
export async function program(): Promise<Record<string, unknown>> {
  const config = readConfig();
  // The sandbox's own command asks.
  return deploy(config, { ...catalogPolicy(config), confirmsRemovals: false });
}
