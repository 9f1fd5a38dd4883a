import { useEffect, useState } from "react";
import { imagesSchema, type SelectedEntry } from "../../../api/images.ts";
import type { DraftFile } from "../../draft/use-draft.ts";
import { post } from "../../shell/api.ts";
import { editsOf } from "../profiles/edits.ts";

/** Milliseconds without a change before the server is asked. */
const PAUSE = 300;

/** What the entries of a draft select, a moment after each change; undefined until the registries have answered. */
export function useSelected(cluster: string, draft: DraftFile): readonly SelectedEntry[] | undefined {
  const [selected, setSelected] = useState<readonly SelectedEntry[]>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the draft, the value alone decides
  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      post("images", { cluster, edits: editsOf([draft]) }, imagesSchema, controller.signal).then(
        ({ entries }) => setSelected(entries),
        // What is wrong with the file is reported beside its fields.
        () => undefined,
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [cluster, draft.value]);
  return selected;
}
