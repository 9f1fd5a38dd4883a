import { useEffect, useState } from "react";
import type { ApiProblem } from "../../api/problem.ts";
import { type RepositoryTags, repositoryTagsSchema } from "../../api/tags.ts";
import { draftStore } from "../draft/use-draft.ts";
import { post } from "../shell/api.ts";
import { problemsOf } from "../shell/use-data.ts";

/** Milliseconds without a key press before the server is asked. */
const PAUSE = 250;

/** The entry of a cluster's images.yaml whose repository is meant. */
export interface TagSource {
  readonly cluster: string;
  readonly entry: string;
}

export interface FoundTags {
  /** What was found last, also while the server is asked again. */
  readonly found: RepositoryTags | undefined;
  readonly problems: readonly ApiProblem[];
  readonly isAsking: boolean;
}

/** The tags of an entry's repository that have some words. @param find undefined while nobody looks */
export function useTags({ cluster, entry }: TagSource, find: string | undefined): FoundTags {
  const path = `clusters/${cluster}/images.yaml`;
  const [tags, setTags] = useState<FoundTags>({ found: undefined, problems: [], isAsking: true });
  useEffect(() => {
    if (find === undefined) return;
    const controller = new AbortController();
    setTags((before) => ({ ...before, isAsking: true }));
    const timer = setTimeout(
      () => {
        const edit = draftStore.edit(path);
        const edits = edit === undefined ? [] : [{ path, base: edit.base, value: edit.value }];
        post(
          "images/tags",
          { cluster, key: entry, find, edits },
          repositoryTagsSchema,
          controller.signal,
        ).then(
          (found) => setTags({ found, problems: found.problems, isAsking: false }),
          (error) =>
            controller.signal.aborted ||
            setTags({ found: undefined, problems: problemsOf(error), isAsking: false }),
        );
      },
      find === "" ? 0 : PAUSE,
    );
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [cluster, entry, find, path]);
  return tags;
}
