import { deploy } from "./deploy.ts";
import { readConfig } from "./read-config.ts";

/** Everything in the catalog, where authors look before readers do. */
export async function program(): Promise<Record<string, unknown>> {
  return deploy(readConfig());
}
