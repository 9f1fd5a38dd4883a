import { existsSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { HeldImage, KernelProof } from "../../components/kernel/kernel.ts";
import { LECTURE_FILE } from "../../components/proof/lecture/lecture-file.ts";
import { articlesIn, type Catalog, wholeOf } from "../catalog.ts";
import type { StackConfig } from "../config.ts";
import type { HoldOutput } from "../outputs/outputs.ts";

/** What decides whether the notebooks of kernels are proven. */
export interface ProofArgs {
  readonly catalog: Catalog;
  readonly config: Pick<StackConfig, "prove" | "override">;
  /** Which articles name a kernel, by display name. */
  readonly named: ReadonlyMap<string, readonly string[]>;
  readonly policy: { readonly provesNotebooks: boolean };
}

/**
 * What is proven before a kernel gets a new image; undefined where nothing is. Unless the stack says otherwise, only
 * courses that have a lecture.yaml are proven, and none holds an image.
 */
export function proofOf(
  { name, displayName }: { readonly name: string; readonly displayName: string },
  { catalog, config, named, policy }: ProofArgs,
): KernelProof | undefined {
  if (!policy.provesNotebooks || config.prove === "off") return undefined;
  const ids = new Set(named.get(displayName));
  const courses = articlesIn(wholeOf(catalog))
    .filter(
      ({ id, folder }) =>
        ids.has(id) && (config.prove !== undefined || existsSync(join(folder, LECTURE_FILE))),
    )
    .map(({ id, folder }) => ({ id, folder }));
  if (courses.length === 0) return undefined;
  const proof: KernelProof = { mode: config.prove ?? "warn", courses };
  if (proof.mode !== "require" || !letThrough(`kernel/${name}`, config)) return proof;
  return { ...proof, mode: "warn" };
}

/** A person may let something through although notebooks fail, until a day: failures are then reported. */
export function letThrough(id: string, { override }: Pick<StackConfig, "override">): boolean {
  const today = new Date().toISOString().slice(0, 10);
  const found = Object.hasOwn(override, id) ? override[id] : undefined;
  if (!found || found.until < today) return false;
  const [kind = ""] = id.split("/");
  const what = WITH_IMAGES[kind] ?? "is updated";
  pulumi.log.warn(`${id} ${what} until ${found.until} even where notebooks fail on it: ${found.reason}`);
  return true;
}

/** What becomes of those that have images, by the kind of their IDs. */
const WITH_IMAGES: Readonly<Record<string, string>> = {
  kernel: "gets its image",
  images: "move their alias",
};

/** A kernel, or an alias of images, that notebooks may hold. */
export interface Provable {
  /** As holds have it, such as `kernel/python-science`. */
  readonly id: string;
  readonly held: pulumi.Output<Pick<HeldImage, "reason" | "failure"> | undefined>;
}

/** What is held, with the kernels and the aliases that keep their images because of a notebook. */
export function withHeldImages(
  holds: Readonly<Record<string, HoldOutput>>,
  provable: readonly Provable[],
): Readonly<Record<string, HoldOutput>> | pulumi.Output<Record<string, HoldOutput>> {
  if (provable.length === 0) return holds;
  // One that fails holds nothing.
  const found = provable.map(({ held }) =>
    pulumi.recover<HoldOutput | undefined>(
      held.apply((one) => one && holdOf(one)),
      () => undefined,
    ),
  );
  return pulumi.all(found).apply((all) => ({
    ...holds,
    ...Object.fromEntries(all.flatMap((hold, index) => (hold ? [[provable[index]?.id ?? "", hold]] : []))),
  }));
}

const holdOf = ({ reason, failure }: Pick<HeldImage, "reason" | "failure">): HoldOutput => ({
  ...{ reason, deployed: true },
  ...(failure && { failure }),
});
