import { useCallback, useState } from "react";
import type { ApiProblem } from "../../api/problem.ts";
import { type Proposed, proposedSchema } from "../../api/save.ts";
import type { KeptDraft } from "../draft/draft-store.ts";
import { post } from "../shell/api.ts";
import { problemsOf } from "../shell/use-data.ts";
import type { Choices } from "./use-preview.ts";

/** What has become of proposing. */
export type Proposing =
  | { readonly state: "not-yet" }
  | { readonly state: "sent" }
  | { readonly state: "failed"; readonly problems: readonly ApiProblem[]; readonly of: KeptDraft }
  | { readonly state: "done"; readonly proposed: Proposed; readonly of: KeptDraft };

/** Proposes a draft, once at a time. */
export function useProposing(draft: KeptDraft, choices: Choices, refused: () => void) {
  const [proposing, setProposing] = useState<Proposing>({ state: "not-yet" });
  const propose = useCallback(
    async (title: string) => {
      setProposing({ state: "sent" });
      try {
        const proposed = await post("save/propose", { ...draft, choices, title }, proposedSchema);
        setProposing({ state: "done", proposed, of: draft });
      } catch (error) {
        setProposing({ state: "failed", problems: problemsOf(error), of: draft });
        refused();
      }
    },
    [draft, choices, refused],
  );
  return [proposing, propose] as const;
}
