import * as pulumi from "@pulumi/pulumi";
import { readContents } from "../../components/article/contents.ts";
import { LecternError } from "../../components/problem/problem.ts";
import type { ArticleId, ArticleOutput, Verdict } from "../articles/articles.ts";
import type { Entry } from "../catalog.ts";
import { provenSelection, type SelectedImages } from "../clusters/selections.ts";
import type { StackConfig } from "../config.ts";
import type { Ways } from "../deploy.ts";
import { ownImages, provenImages } from "../kernels/kernel-images.ts";
import type { KernelOutput } from "../kernels/kernels.ts";
import { outputsOf, ownOutputs, siblingStack } from "../previous.ts";

type ArticleOutputs = Readonly<Record<string, ArticleOutput>>;
type KernelOutputs = Readonly<Record<string, KernelOutput>>;
type ImageOutputs = Readonly<Record<string, SelectedImages>>;

/**
 * The gate between staging and prod. An article passes where staging has processed the very same
 * content, a kernel gets the image that staging has deployed; what fails to say so does not pass.
 */
export async function prodWays(config: StackConfig): Promise<Ways> {
  const own = ownOutputs();
  const deployedKernels = (await own.get<KernelOutputs>("kernels")) ?? {};
  if (config.assumeStaging) return assumedWays(config, deployedKernels);
  const staging = outputsOf(config.stagingStack ?? siblingStack("staging"));
  const [proven, provenKernels, provenSelections, deployed, deployedSelections] = await Promise.all([
    staging.get<ArticleOutputs>("articles"),
    staging.get<KernelOutputs>("kernels"),
    staging.get<ImageOutputs>("images"),
    own.get<ArticleOutputs>("articles"),
    own.get<ImageOutputs>("images"),
  ]);
  const gate = async (id: ArticleId, entry: Entry): Promise<Verdict> => {
    const { fingerprint } = await readContents(entry.folder, id.startsWith("blog/") ? "blog" : "course");
    const why = reasonToHold(proven?.[id]?.fingerprint, fingerprint);
    return why ? { deploy: false, why, deployedBefore: deployed?.[id] !== undefined } : { deploy: true };
  };
  return {
    protect: true,
    gate,
    imageOf: provenImages(provenKernels ?? {}, deployedKernels),
    holdOf: (name) => (provenKernels?.[name] ? undefined : "staging has not deployed it yet"),
    selectionOf: provenSelection(provenSelections ?? {}, deployedSelections ?? {}),
  };
}

/** Why content with this fingerprint may not go to prod; undefined where it may. */
export function reasonToHold(processed: string | undefined, fingerprint: string): string | undefined {
  // Content that can't be read goes on to the provider's check, which says everything that is wrong.
  if (fingerprint === "") return undefined;
  if (processed === undefined) return "staging has not deployed it yet";
  if (processed === "") return "staging has not processed it yet";
  if (processed !== fingerprint)
    return "staging has processed other content; deploy staging from this commit first";
  return undefined;
}

/** The plan as if staging had taken everything from this very commit; what it builds is not known. */
function assumedWays(config: StackConfig, before: KernelOutputs): Ways {
  if (!pulumi.runtime.isDryRun()) {
    throw new LecternError({
      code: "assumed-staging",
      severity: "error",
      path: "lectern:assumeStaging",
      message: "a deployment can't assume that staging has passed",
      remedy: "Remove lectern:assumeStaging; it is for previews",
    });
  }
  pulumi.log.warn(
    "lectern:assumeStaging is set: this plan assumes that staging has processed everything in it",
  );
  const own = ownImages(config);
  const imageOf: Ways["imageOf"] = async (kernel) => {
    if (!kernel.build) return own(kernel);
    const held = "staging builds its image, so its digest is not known yet";
    return { held, deployedBefore: before[kernel.name] !== undefined };
  };
  return { protect: true, imageOf };
}
