import { useCallback, useEffect, useRef, useState } from "react";
import type { ApiProblem } from "../../api/problem.ts";
import { type Draft, type Preview, previewSchema } from "../../api/save.ts";
import type { KeptDraft } from "../draft/draft-store.ts";
import { draftStore } from "../draft/use-draft.ts";
import { post } from "../shell/api.ts";
import { problemsOf } from "../shell/use-data.ts";

export type Choices = Draft["choices"];

/** What proposing would do, as far as it is known. */
export interface Previewed {
  /** The last one, until there is another. */
  readonly preview: Preview | undefined;
  /** Why there is none. */
  readonly problems: readonly ApiProblem[];
  /** Whether it is of the draft as it is now. */
  readonly isCurrent: boolean;
}

/** Milliseconds without a change before the server is asked. */
const PAUSE = 500;
const NOTHING: Previewed = { preview: undefined, problems: [], isCurrent: false };

/** Asks what proposing a draft would do, a moment after each change; `refresh` has the server fetch what others have merged. */
export function usePreview(draft: KeptDraft, choices: Choices): readonly [Previewed, refresh: () => void] {
  const [previewed, setPreviewed] = useState<Previewed>(NOTHING);
  // What was kept when the page was loaded may have been merged since.
  const [fetches, setFetches] = useState(draftStore.wasKept ? 1 : 0);
  const fetched = useRef(0);
  useEffect(() => {
    const controller = new AbortController();
    setPreviewed((last) => ({ ...last, isCurrent: false }));
    const ask = () => {
      const path = fetches > fetched.current ? "save/preview?fetch=1" : "save/preview";
      post(path, { ...draft, choices }, previewSchema, controller.signal).then(
        (preview) => {
          fetched.current = fetches;
          setPreviewed({ preview, problems: [], isCurrent: true });
        },
        (error) => {
          if (controller.signal.aborted) return;
          setPreviewed({ preview: undefined, problems: problemsOf(error), isCurrent: true });
        },
      );
    };
    const timer = setTimeout(ask, PAUSE);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [draft, choices, fetches]);
  return [previewed, useCallback(() => setFetches((count) => count + 1), [])];
}

/** Whether what is previewed can be proposed. */
export const isProposable = ({ preview, isCurrent }: Previewed): boolean =>
  isCurrent &&
  preview !== undefined &&
  preview.files.length > 0 &&
  preview.conflicts.length === 0 &&
  !preview.problems.some(({ severity }) => severity === "error");
