import { type ArticleContents, isContent } from "../../components/article/contents.ts";
import { hasTag } from "../../components/hub/values/image-placeholders.ts";
import type {
  KernelDeclaration,
  KernelImageSource,
} from "../../components/kernel/declaration/kernel-file.ts";
import type { ProofFailure } from "../../components/proof/result/proof-failure.ts";
import type { ArticleOutput, HubImageOutput, KernelOutput, SelectedImages } from "../outputs/outputs.ts";

/**
 * Whether a stack takes something from staging: it uses it, or holds it for a reason. What is held and
 * deployed stays exactly as it is; what is held and not deployed is not created.
 */
export type Gate<T> = { readonly use: T } | Hold;

export interface Hold {
  /** The reason, as the end of a sentence: `staging has not deployed it yet`. */
  readonly hold: string;
  /** Whether this stack has deployed it before, as its last outputs say. */
  readonly deployed: boolean;
  /** Whether it is what the catalog says, as far as is known, so that nobody has to be told that it stays. */
  readonly calm?: true;
  /** Of what a notebook holds: which, and where it fails. */
  readonly failure?: ProofFailure;
}

export function isHeld(gate: Gate<unknown>): gate is Hold {
  return "hold" in gate;
}

/** An article passes where staging has processed the very same content. */
export function articleGate(
  contents: ArticleContents,
  staging: ArticleOutput | undefined,
  deployed: boolean,
): Gate<ArticleContents> {
  const { fingerprint } = contents;
  const processed = staging?.fingerprint;
  const hold = reasonToHold(isContent(contents, processed) ? fingerprint : processed, fingerprint);
  return hold === undefined ? { use: contents } : { hold, deployed };
}

/** Why content with this fingerprint may not go to prod; undefined where it may. */
export function reasonToHold(processed: string | undefined, fingerprint: string): string | undefined {
  // Content that can't be read goes on to the provider's check, which reports everything that is wrong.
  if (fingerprint === "") return undefined;
  if (processed === undefined) return "staging has not deployed it yet";
  if (processed === "") return "staging has not processed it yet";
  if (processed !== fingerprint)
    return "staging has processed other content; deploy staging from this commit first";
  return undefined;
}

/** A kernel on a gateway gets the image that staging has deployed: nothing is built, no tag is looked up. */
export function kernelImageGate(
  { image, build }: KernelImageSource,
  staging: KernelOutput | undefined,
  deployed: boolean,
): Gate<string> {
  // A process of a host has none, and staging shows that it is deployed.
  const isProven = staging !== undefined && (staging.image !== "" || (image === undefined && !build));
  return isProven ? { use: staging.image } : { hold: "staging has not deployed it yet", deployed };
}

/**
 * An image of hubs is the one that staging has built from the very same content: nothing is built, no tag is looked up.
 * @param tag that of the content
 */
export function hubImageGate(
  tag: string,
  staging: HubImageOutput | undefined,
  deployed: boolean,
): Gate<string> {
  if (!staging) return { hold: "staging has not built it yet", deployed };
  if (hasTag(staging.image, tag)) return { use: staging.image };
  return { hold: "staging has built it from other content; deploy staging from this commit first", deployed };
}

/** A kernel that qBook's service builds passes where staging has deployed one of that name. */
export function serviceKernelGate(
  kernel: KernelDeclaration,
  staging: KernelOutput | undefined,
  deployed: boolean,
): Gate<KernelDeclaration> {
  return staging ? { use: kernel } : { hold: "staging has not deployed it yet", deployed };
}

/**
 * The images of a hub are those that staging has selected, digest by digest. While staging is rolled back
 * from what it recommends, nothing is proven: its menu begins with what it went back to.
 */
export function imagesGate(staging: SelectedImages | undefined, deployed: boolean): Gate<SelectedImages> {
  if (!staging) return { hold: "staging has not selected them yet", deployed };
  const { recommended, menu } = staging;
  const isRolledBack = recommended && menu[0] && menu[0].digest !== recommended.digest;
  if (!isRolledBack) return { use: staging };
  return { hold: `staging is rolled back from ${recommended.tag}, which it recommends`, deployed };
}
