import { isUtf8 } from "node:buffer";
import { LecternError, type Problem } from "../../../../components/problem/problem.ts";
import type { Json } from "../../../api/json.ts";
import type { ApiConflict, Draft, Edit } from "../../../api/save.ts";
import { conflictId } from "../../edit/merge/conflict.ts";
import { merge } from "../../edit/merge/merge.ts";
import { applyValue, readValue } from "../../edit/yaml/apply.ts";
import { problem } from "../git/git.ts";
import { filesIn, readBlobs } from "../git/read-files.ts";
import type { CatalogRepository } from "../repository.ts";
import type { BaseTexts } from "./base-texts.ts";
import { findBase, hasHistory } from "./find-base.ts";

/** A file that a draft changes in the target. */
export interface ChangedText {
  /** From the catalog's folder. */
  readonly path: string;
  /** Undefined for a file that is new there. */
  readonly before: string | undefined;
  readonly after: string;
}

export interface MergedDraft {
  readonly files: readonly ChangedText[];
  readonly conflicts: readonly ApiConflict[];
}

interface Place {
  readonly repository: CatalogRepository;
  /** The commit that the draft is merged into. */
  readonly commit: string;
  readonly texts: BaseTexts;
  /** The text of a file of the catalog as it is on disk. */
  readonly current: (path: string) => Promise<string | undefined>;
}

/** Merges a draft into the files of a commit. @throws {LecternError} where one can't be read, or its base is not known */
export async function mergeDraft({ edits, choices }: Draft, place: Place): Promise<MergedDraft> {
  const theirs = await textsOf(place, edits);
  const merged = await Promise.all(
    edits.map(async (edit) => {
      const read = await baseOf(edit, place);
      const isNew = !theirs.has(edit.path) && !(await hasBeenInTarget(edit, place));
      // What nobody has committed there is not removed there either: all of it is new, with its comments.
      const base = isNew ? { ...read, value: undefined } : read;
      return mergeFile(edit, { ...base, theirs: theirs.get(edit.path) }, choices[edit.path] ?? {});
    }),
  );
  return {
    files: merged.flatMap(({ file }) => file ?? []),
    conflicts: merged.flatMap(({ conflicts }) => conflicts),
  };
}

/** What a change was made of. */
interface Base {
  readonly value: Json | undefined;
  /** Whose comments and order are kept where the target has no such file. */
  readonly text: string | undefined;
}

/**
 * Of a version that the server does not know any more, as it was started again since and nobody has committed it, the page
 * tells the value; the text is then that of the file as it is now.
 */
async function baseOf(
  { base: id, baseValue, path }: Edit,
  { repository, commit, texts, current }: Place,
): Promise<Base> {
  if (id === null) return { value: undefined, text: undefined };
  const text = await findBase(texts, id, { root: repository.root, commit, path: repository.pathOf(path) });
  if (text !== undefined) return { value: readValue(text, path), text };
  if (baseValue === undefined) throw new LecternError(unknownBase(path));
  return { value: baseValue, text: await current(path) };
}

const hasBeenInTarget = ({ path }: Edit, { repository, commit }: Place): Promise<boolean> =>
  hasHistory(repository.root, commit, repository.pathOf(path));

/** By path from the catalog's folder. */
async function textsOf({ repository, commit }: Place, edits: readonly Edit[]): Promise<Map<string, string>> {
  const { root } = repository;
  const names = new Map(edits.map(({ path }) => [repository.pathOf(path), path]));
  const files = await filesIn(root, commit, [...names.keys()]);
  const blobs = await readBlobs(
    root,
    files.map(({ id }) => id),
  );
  const texts = files.map(({ path, id }): [string, string] => {
    const bytes = blobs.get(id) ?? Buffer.alloc(0);
    if (!isUtf8(bytes)) throw new LecternError(notUtf8(path));
    return [names.get(path) ?? path, bytes.toString()];
  });
  return new Map(texts);
}

function mergeFile(
  { path, value: mine }: Edit,
  texts: Base & { readonly theirs: string | undefined },
  choices: Readonly<Record<string, "mine" | "theirs">>,
): { readonly file?: ChangedText; readonly conflicts: readonly ApiConflict[] } {
  const theirs = texts.theirs === undefined ? undefined : readValue(texts.theirs, path);
  const versions = { base: texts.value, mine: mine as Json, theirs };
  const { value, conflicts } = merge(versions, choices);
  const found = conflicts.map((one) => ({
    ...(defined(one) as typeof one),
    id: conflictId(one),
    file: path,
  }));
  // A file that somebody else has removed stays so where their choice is taken.
  if (value === undefined) return { conflicts: found as unknown as ApiConflict[] };
  const after = applyValue(texts.theirs ?? texts.text ?? "", value, path);
  const isChanged = after !== texts.theirs;
  return {
    ...(isChanged ? { file: { path, before: texts.theirs, after } } : {}),
    conflicts: found as unknown as ApiConflict[],
  };
}

/** JSON has no undefined. */
const defined = (value: object) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));

const unknownBase = (file: string): Problem => ({
  ...problem(
    "unknown-base",
    "the server no longer knows the version of this file that the page has",
    "Note what you have changed, discard the changes, and load the page again",
  ),
  file,
});

const notUtf8 = (file: string): Problem => ({
  ...problem("not-utf8", "the file is not UTF-8", "Save it as UTF-8"),
  file,
});
