import { shortDigest } from "../../components/image/reference.ts";
import { shownName } from "../../components/image/tags/immutable-forms.ts";
import type { NamedImage, SelectedImages } from "../outputs.ts";

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
