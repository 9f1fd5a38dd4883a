import * as pulumi from "@pulumi/pulumi";
import { parseRepository } from "../../components/image/reference.ts";
import type { ImagesFile } from "../../components/image/selection/images-file.ts";
import type { MenuEntry, PrepulledImage } from "../../components/image/selection/selection.ts";
import { checkBytes } from "../../components/image/selection/selection-bytes.ts";
import { selectFromRegistry } from "../../components/image/selection/selection-registry.ts";
import { formatProblem } from "../../components/problem/problem.ts";
import { ownOutputs } from "../previous.ts";
import { registry } from "../registry.ts";

/** What a policy selected from a repository, as a stack says it in its outputs. */
export interface SelectedImages {
  /** `docker.io/lectern/science-lab`. */
  readonly repository: string;
  readonly menu: readonly MenuEntry[];
  readonly prepull: readonly PrepulledImage[];
  /** The tag that is recommended, and its digest; the head of the menu. */
  readonly recommended?: { readonly tag: string; readonly digest: string };
}

/** Where a stack's selections come from, by `<cluster>/<entry of images.yaml>`. */
export type SelectionOf = (
  id: string,
  entry: ImagesFile[string],
) => Promise<SelectedImages | { readonly held: string }>;

/** Asks the registry, as the policy says, and reads what the last deployment has not selected yet. */
export const ownSelection: SelectionOf = async (id, { repository: text, policy }) => {
  const repository = parseRepository(text);
  const selection = await selectFromRegistry(registry(), repository, policy, Date.now());
  const { menu, prepull, recommended, notices } = selection;
  await checkBytes(registry(), repository, prepull, await deployedDigests(id, repository));
  for (const notice of notices) pulumi.log.warn(`images ${id}: ${formatProblem(notice)}`);
  return { repository, menu, prepull, ...(recommended ? { recommended } : {}) };
};

/** What was selected here before, whose bytes were read then: so an unchanged repository costs HEADs. */
async function deployedDigests(id: string, repository: string): Promise<ReadonlySet<string>> {
  const before = (await ownOutputs().get<Record<string, SelectedImages>>("images"))?.[id];
  return new Set(before?.repository === repository ? before.prepull.map(({ digest }) => digest) : []);
}

/** Takes what staging has selected, digest by digest; else what is deployed here stays. */
export function provenSelection(
  proven: Readonly<Record<string, SelectedImages>>,
  before: Readonly<Record<string, SelectedImages>>,
): SelectionOf {
  return async (id, entry) => {
    const selected = proven[id];
    if (selected) {
      if (isOther(selected, entry))
        pulumi.log.warn(
          `images ${id} are held as they are: staging has selected by another images.yaml; deploy staging from this commit first`,
        );
      return selected;
    }
    pulumi.log.warn(`images ${id} are held: staging has not selected them yet`);
    return before[id] ?? { held: "staging has not selected them yet" };
  };
}

/** Whether staging took another repository, or recommends another tag, than the catalog says now. */
function isOther(
  { repository, recommended }: SelectedImages,
  { repository: text, policy }: ImagesFile[string],
) {
  const wanted = policy.recommended ?? recommended?.tag;
  return repository !== parseRepository(text) || recommended?.tag !== wanted;
}
