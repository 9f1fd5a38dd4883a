import { deploy } from "./deploy.ts";
import { catalogPolicy } from "./policy.ts";
import { readConfig } from "./read-config.ts";

/** Everything in the catalog, against stand-in services on this machine. */
export async function program(): Promise<Record<string, unknown>> {
  const config = readConfig();
  return deploy(config, catalogPolicy(config));
}
