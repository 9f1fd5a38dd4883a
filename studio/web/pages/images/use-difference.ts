import { useEffect, useState } from "react";
import { type ImageDifference, imageDifferenceSchema } from "../../../api/image-difference.ts";
import { draftStore } from "../../draft/use-draft.ts";
import { post } from "../../shell/api.ts";
import { type Loaded, problemsOf } from "../../shell/use-data.ts";
import type { TagSource } from "../../tags/use-tags.ts";

/** What differs between the images of two tags. */
export function useDifference(
  { cluster, entry }: TagSource,
  from: string,
  to: string,
): Loaded<ImageDifference> {
  const [loaded, setLoaded] = useState<Loaded<ImageDifference>>({ state: "loading" });
  const path = `clusters/${cluster}/images.yaml`;
  useEffect(() => {
    const controller = new AbortController();
    const edit = draftStore.edit(path);
    const edits = edit === undefined ? [] : [{ path, base: edit.base, value: edit.value }];
    setLoaded({ state: "loading" });
    post(
      "images/difference",
      { cluster, key: entry, from, to, edits },
      imageDifferenceSchema,
      controller.signal,
    ).then(
      (data) => setLoaded({ state: "ready", data }),
      (error) => controller.signal.aborted || setLoaded({ state: "failed", problems: problemsOf(error) }),
    );
    return () => controller.abort();
  }, [cluster, entry, from, to, path]);
  return loaded;
}
