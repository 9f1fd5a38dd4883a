import { type ArticleOutput, type ArticlesArgs, deployArticles } from "./articles/articles.ts";
import { discoverCatalog } from "./catalog.ts";
import { type AliasOutput, deployClusters } from "./clusters/clusters.ts";
import { ownSelection, type SelectionOf } from "./clusters/selections.ts";
import type { StackConfig } from "./config.ts";
import { ownImages } from "./kernels/kernel-images.ts";
import { deployKernels, type KernelOutput, type KernelsArgs } from "./kernels/kernels.ts";
import { namedKernels } from "./kernels/named-kernels.ts";
import { ownOutputs } from "./previous.ts";

/** What a stack does in its own way; everything else is the same for all. */
export interface Ways {
  /** Which articles may be deployed. @default all of them */
  readonly gate?: ArticlesArgs["gate"];
  /** Where a kernel's image comes from. @default what the catalog says, built where it says so */
  readonly imageOf?: KernelsArgs["imageOf"];
  /** Why a kernel that qBook's service builds may not be deployed. @default all may */
  readonly holdOf?: KernelsArgs["holdOf"];
  /** Where the images of hubs come from. @default the registry, as images.yaml says */
  readonly selectionOf?: SelectionOf;
  /** Whether articles and kernels are protected against removal. @default false */
  readonly protect?: boolean;
}

/** Registers a catalog: kernels, then articles. @returns the stack's outputs */
export async function deploy(config: StackConfig, ways: Ways = {}): Promise<Record<string, unknown>> {
  const catalog = await discoverCatalog(config.catalog);
  const protect = ways.protect ?? false;
  const own = ownOutputs();
  const before = (await own.get<Record<string, KernelOutput>>("kernels")) ?? {};
  const aliases = (await own.get<Record<string, AliasOutput>>("aliases")) ?? {};
  const named = await namedKernels(catalog);
  const kernels = await deployKernels({
    catalog,
    config,
    named,
    before,
    protect,
    imageOf: ways.imageOf ?? ownImages(config),
    ...(ways.holdOf ? { holdOf: ways.holdOf } : {}),
  });
  const gate = ways.gate ? { gate: ways.gate } : {};
  const said = (await own.get<Record<string, ArticleOutput>>("articles")) ?? {};
  const args = { catalog, config, kernels: kernels.declared, protect, before: said, ...gate };
  const articles = await deployArticles(args);
  const clusters = await deployClusters({
    catalog,
    config,
    selectionOf: ways.selectionOf ?? ownSelection,
    before: aliases,
  });
  return { articles, kernels: kernels.outputs, ...clusters };
}
