import { deployArticles } from "./articles.ts";
import { discoverCatalog } from "./catalog.ts";
import { declaredKernels } from "./kernels.ts";
import { articleGate } from "./promotion.ts";
import { readConfig } from "./read-config.ts";

/** What staging has proven, and nothing else; what is there is protected. */
export async function program(): Promise<Record<string, unknown>> {
  const config = readConfig();
  const catalog = await discoverCatalog(config.catalog);
  const gate = await articleGate(config);
  return {
    articles: await deployArticles({
      catalog,
      config,
      kernels: declaredKernels(config),
      gate,
      protect: true,
    }),
  };
}
