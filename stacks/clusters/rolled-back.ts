import { describeImage, goneImage } from "../../components/image/alias/alias-plan.ts";
import { parseDigest, parseRepository, shortDigest } from "../../components/image/reference.ts";
import type { RegistryClient } from "../../components/image/registry/registry-client.ts";
import { shownName } from "../../components/image/tags/immutable-forms.ts";
import { LecternError } from "../../components/problem/problem.ts";
import type { AliasOutput, NamedImage, SelectedImages } from "../outputs/outputs.ts";

/** @throws {LecternError} where the registry no longer has what an alias is rolled back to */
export async function checkRollback(
  id: string,
  repository: string,
  { tag, digest }: NamedImage,
  registry: Pick<RegistryClient, "resolve">,
): Promise<void> {
  const parsed = parseDigest(digest);
  if (await registry.resolve(parseRepository(repository), parsed)) return;
  const problem = goneImage(`the alias of ${id}`, describeImage(tag, parsed));
  throw new LecternError({ ...problem, path: `lectern:images.${id}.rollback` });
}

/**
 * The selection while its alias is rolled back: what the alias names is at the head of the menu and
 * prepulled, whatever the policy says; what the policy recommends stays on offer under its own name.
 */
export function rolledBackTo(selection: SelectedImages, { tag, digest }: NamedImage): SelectedImages {
  const { recommended, menu, prepull } = selection;
  const shown = tag === "" ? shortDigest(digest) : shownName(tag);
  const head = { name: `Recommended (${shown})`, tag: tag === "" ? "recommended" : tag, digest };
  const others = menu
    .filter((entry) => entry.digest !== digest && entry.tag !== head.tag)
    .map((entry) =>
      entry.digest === recommended?.digest ? { ...entry, name: shownName(recommended.tag) } : entry,
    );
  const isPrepulled = prepull.some((image) => image.digest === digest);
  return {
    ...selection,
    menu: [head, ...others],
    prepull: isPrepulled ? prepull : [{ tag: head.tag, digest }, ...prepull],
  };
}

/** Whether an alias was rolled back when it was last deployed; undefined where its outputs do not tell. */
export function wasRolledBack({ digest, goesBackTo }: AliasOutput): boolean | undefined {
  return goesBackTo?.digest ? goesBackTo.digest === digest : undefined;
}
