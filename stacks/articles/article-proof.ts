import { existsSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type ArticleContents, isContent } from "../../components/article/contents.ts";
import { LECTURE_FILE } from "../../components/proof/lecture/lecture-file.ts";
import type { ArticleEntry } from "../catalog.ts";
import type { StackConfig } from "../config.ts";
import type { Installed } from "../kernels/gateway-kernels.ts";
import type { NamedGateway } from "../kernels/gateways.ts";
import { letThrough } from "../kernels/kernel-proof.ts";
import { known } from "../outputs/known-output.ts";
import type { OutputEntries } from "../outputs/outputs.ts";
import type { StackPolicy } from "../policy.ts";
import { type Gate, isHeld } from "../promotion/gate.ts";
import type { KernelNow, WaitingArticle } from "./prove-articles.ts";

/** What decides whether the notebooks of articles are proven before these are updated. */
export interface ArticleProofArgs {
  readonly config: StackConfig;
  readonly policy: StackPolicy;
  readonly before: OutputEntries<"articles">;
  /** The kernels that the stack installs on gateways. */
  readonly installed: ReadonlyMap<NamedGateway, readonly Installed[]>;
  /** The display names that a notebook may have. */
  readonly declared: (kernel: string) => boolean;
  /** Whether the stack registers a kernel, on a gateway or with qBook's service, by its display name. */
  readonly registers: (kernel: string) => boolean;
}

/** An article of the catalog. */
export interface ReadArticle {
  readonly entry: ArticleEntry;
  readonly contents: ArticleContents;
}

/**
 * What notebooks hold: a course with a lecture.yaml is updated once its notebooks run on the images that their kernels have.
 * What is new is not proven, nor what another gate holds.
 * @returns the gates of what is held, by the article's ID
 */
export async function proveArticles(
  articles: Iterable<ReadArticle>,
  args: ArticleProofArgs,
): Promise<ReadonlyMap<string, Gate<ArticleContents>>> {
  const waiting = [...articles].filter((one) => waits(one, args)).map((one) => waitingOf(one, args));
  if (waiting.length === 0) return new Map();
  const kernels = await kernelsNow(args.installed);
  // What runs notebooks is loaded only where some are to be proven.
  const { heldArticles, stackProofs } = await import("./prove-articles.ts");
  return heldArticles(waiting, kernels, {
    store: stackProofs(args.policy.registry()),
    gatewayToken: args.config.gatewayToken,
    owner: `articles of ${pulumi.getProject()}/${pulumi.getStack()}`,
    isPreview: pulumi.runtime.isDryRun(),
    unproven: (kernel) => whyUnproven(kernel, args, pulumi.runtime.isDryRun()),
  });
}

/** Why notebooks of a kernel can't be run; undefined where a preview can't tell, as the kernel changes itself. */
export function whyUnproven(
  kernel: string,
  { installed, registers }: Pick<ArticleProofArgs, "installed" | "registers">,
  isPreview: boolean,
): string | undefined {
  const found = [...installed].find(([, kernels]) =>
    kernels.some(({ declaration }) => declaration.displayName === kernel),
  );
  if (!found)
    return registers(kernel)
      ? "qBook's service runs it, and notebooks are proven on gateways alone"
      : "this stack does not install it";
  const [{ name, config }] = found;
  if (config.url === undefined)
    return `its gateway has no address. Set lectern:gateways.${name}.url to have it proven`;
  return isPreview ? undefined : "its image is not known, as the kernel could not be deployed";
}

/** Whether an article is updated, and its notebooks have to run before. */
export function waits(
  { entry, contents }: ReadArticle,
  { config, policy, before }: ArticleProofArgs,
): boolean {
  const deployed = before.get(entry.id);
  return (
    policy.provesNotebooks &&
    config.prove !== "off" &&
    Boolean(deployed?.fingerprint) &&
    contents.fingerprint !== "" &&
    !isContent(contents, deployed?.fingerprint) &&
    existsSync(join(entry.folder, LECTURE_FILE)) &&
    !isHeld(policy.article(entry.id, contents))
  );
}

function waitingOf({ entry }: ReadArticle, { config, before, declared }: ArticleProofArgs): WaitingArticle {
  // One that stays as it is needs the kernels that it has had.
  const mayStay = (before.get(entry.id)?.kernels ?? []).every(declared);
  return { entry, holds: config.prove === "require" && mayStay && !letThrough(entry.id, config) };
}

/** By display name; without those whose images are not known yet, or that fail themselves. */
async function kernelsNow(gateways: ArticleProofArgs["installed"]): Promise<ReadonlyMap<string, KernelNow>> {
  const all = [...gateways].flatMap(([gateway, kernels]) =>
    kernels.map(async (installed): Promise<[string, KernelNow][]> => {
      const { kernel, declaration } = installed;
      const image = await known(pulumi.recover<string | undefined>(kernel.image, () => undefined));
      return image ? [[declaration.displayName, { installed, gateway, image }]] : [];
    }),
  );
  return new Map((await Promise.all(all)).flat());
}
