import { equal } from "../../api/json.ts";
import { fileSchema } from "../../api/save.ts";
import { get } from "../shell/api.ts";
import type { KeptDraft } from "./draft-store.ts";
import { draftStore } from "./use-draft.ts";

/** Discards the changes that the studio's clone has: they were merged and pulled, whatever page is open. */
export async function discardPulled({ edits }: KeptDraft, signal: AbortSignal): Promise<void> {
  for (const { path, value } of edits) {
    const file = await get(`save/file?path=${encodeURIComponent(path)}`, fileSchema, signal);
    if (equal(file.value, value)) draftStore.discard(path);
  }
}
