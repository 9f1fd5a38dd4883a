import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import { equal, type Json } from "../../api/json.ts";
import { type EditableFile, fileSchema } from "../../api/save.ts";
import { type Loaded, useData } from "../shell/use-data.ts";
import { useReturn } from "../shell/use-return.ts";
import { DraftStore, type KeptDraft } from "./draft-store.ts";
import { noteChange } from "./drawn-later.ts";

export const draftStore = new DraftStore(
  sessionStorage,
  `lectern-studio-draft:${new URL(document.baseURI).pathname}`,
  () =>
    crypto
      .getRandomValues(new Uint32Array(2))
      .reduce((text, part) => text + part.toString(16).padStart(8, "0"), ""),
);

/** The changes of this tab. */
export const useKeptDraft = (): KeptDraft => useSyncExternalStore(draftStore.subscribe, draftStore.draft);

/** A file of the catalog as this tab wants it: the same object until something of it changes. */
export interface DraftFile {
  /** The file as the server has it. */
  readonly loaded: Loaded<EditableFile>;
  /** What is wanted, or what the file has; undefined until it is loaded. */
  readonly value: Json | undefined;
  readonly isChanged: boolean;
  /** What is wanted now, which is newer than `value` where a change is not drawn yet. */
  readonly latest: () => Json | undefined;
  /** Keeps what is wanted. It is proposed with the save bar. */
  readonly change: (value: Json) => void;
  readonly discard: () => void;
  /** Reads the file again; what is wanted stays. */
  readonly reload: () => void;
}

/**
 * A file that the page changes. The change is kept in this tab until it is proposed and merged, or discarded.
 * @param path from the catalog's folder: `clusters/campus/profiles.yaml`
 * @public
 */
export function useDraft(path: string): DraftFile {
  const [loaded, reload] = useData(`save/file?path=${encodeURIComponent(path)}`, fileSchema);
  useReturn(reload);
  const edit = useKeptDraft().edits.find((one) => one.path === path);
  const file = loaded.state === "ready" ? loaded.data : undefined;
  const isMerged = edit !== undefined && file !== undefined && equal(edit.value, file.value);
  useEffect(() => {
    // The file has become what was wanted: it was merged and pulled.
    if (isMerged) draftStore.discard(path);
  }, [isMerged, path]);
  const value = edit ? edit.value : file?.value;
  const isChanged = edit !== undefined && !isMerged;
  const discard = useCallback(() => draftStore.discard(path), [path]);
  const latest = useCallback(() => (draftStore.edit(path) ?? file)?.value, [path, file]);
  const change = useCallback(
    (wanted: Json) => {
      noteChange(wanted);
      if (file) draftStore.set(file, wanted);
    },
    [file],
  );
  return useMemo(
    () => ({ loaded, value, isChanged, latest, change, discard, reload }),
    [loaded, value, isChanged, latest, change, discard, reload],
  );
}
