import type { Edit } from "../../../api/draft.ts";
import type { DraftFile } from "../../draft/use-draft.ts";

/** Drafts as edits; those of files that are not there and not wanted are none. */
export const editsOf = (drafts: readonly DraftFile[]): Edit[] =>
  drafts.flatMap(({ loaded, value }) => {
    if (loaded.state !== "ready" || value === undefined) return [];
    const { path, base } = loaded.data;
    return base === null && value === null ? [] : [{ path, base, value: value as Edit["value"] }];
  });
