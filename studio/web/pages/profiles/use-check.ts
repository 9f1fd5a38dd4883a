import { startTransition, useEffect, useState } from "react";
import { checkSchema } from "../../../api/check.ts";
import type { ApiProblem } from "../../../api/problem.ts";
import type { DraftFile } from "../../draft/use-draft.ts";
import { post } from "../../shell/api.ts";
import { editsOf } from "./edits.ts";

/** Milliseconds without a change before the server is asked. */
const PAUSE = 250;

/** What `lectern validate` would say of drafts, a moment after each change. */
export function useCheck(drafts: readonly DraftFile[]): readonly ApiProblem[] {
  const [problems, setProblems] = useState<readonly ApiProblem[]>([]);
  const [profiles, images] = drafts.map(({ value }) => value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the drafts, the values alone decide
  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      post("check", { edits: editsOf(drafts) }, checkSchema, controller.signal).then(
        // The same problems are no news to what shows them.
        ({ problems: found }) =>
          startTransition(() => setProblems((before) => (isSame(before, found) ? before : found))),
        // A server that is gone is reported where something is loaded or proposed.
        () => undefined,
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [profiles, images]);
  return problems;
}

const isSame = (one: readonly ApiProblem[], other: readonly ApiProblem[]) =>
  JSON.stringify(one) === JSON.stringify(other);
