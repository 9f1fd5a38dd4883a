import { deployArticles } from "./articles.ts";
import { discoverCatalog } from "./catalog.ts";
import { declaredKernels } from "./kernels.ts";
import { readConfig } from "./read-config.ts";

/** Everything in the catalog, where authors look before readers do. */
export async function program(): Promise<Record<string, unknown>> {
  const config = readConfig();
  const catalog = await discoverCatalog(config.catalog);
  return { articles: await deployArticles({ catalog, config, kernels: declaredKernels(config) }) };
}
