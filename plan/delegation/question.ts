import type { Author } from "./author.ts";

/** A file that merging would change in the base. A renamed one is two: the old name deleted, the new one added. */
export interface ChangedFile {
  /** From the repository's root. */
  readonly path: string;
  readonly kind: "added" | "modified" | "deleted";
  /** Whether it is, or was, something else than a plain file, such as a link. */
  readonly isSpecial: boolean;
}

/** What is asked: may this author decide this change alone? */
export interface Question {
  readonly author: Author;
  /** The catalog's folder, from the repository's root. */
  readonly catalog: string;
  readonly changed: readonly ChangedFile[];
  /** The text of a file as the base has it, whose rules count; undefined where it has none. */
  readonly base: (path: string) => string | undefined;
  /** The same once the change is merged. */
  readonly head: (path: string) => string | undefined;
}

/** Whether one file is the author's to decide, and why. */
export interface FileVerdict {
  readonly path: string;
  readonly delegated: boolean;
  readonly reason: string;
}

export type Verdict = Omit<FileVerdict, "path">;
