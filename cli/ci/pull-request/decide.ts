import type { NotPreviewed } from "../../../plan/comment/not-previewed.ts";
import { isStackFile } from "../workspace/settings/stack-files.ts";

/** What may change beside the catalog without a change of what a deployment does. */
const TEXTS = /\.md$|^(docs|\.vscode)\/|^LICENSE$|^\.editorconfig$|^Pulumi\.sandbox\.yaml$/;

/**
 * The changed files that are part of the program: whatever is outside of the catalog, except for texts and settings of stacks. A
 * preview with credentials runs the base's program over the catalog of the pull request, so what it would tell of such a change
 * is not true, and running the changed program is what somebody has to read it for first. Which settings are data is decided
 * where their texts are, by `lectern ci workspace`.
 */
const programFiles = (files: readonly string[], catalog = "catalog"): string[] =>
  files.filter((path) => !path.startsWith(`${catalog}/`) && !TEXTS.test(path) && !isStackFile(path));

/** Whether a pull request is previewed, and by which program. */
export type Decision =
  | { readonly preview: true; readonly program: "base" | "head" }
  | ({ readonly preview: false } & NotPreviewed);

export interface Facts {
  /** A maintainer asked for this commit. */
  readonly asked: boolean;
  /** It comes from another repository. */
  readonly fork: boolean;
  /** Undefined where GitHub does not list them all. */
  readonly files: readonly string[] | undefined;
}

/**
 * A pull request is data: it is previewed by itself where it comes from this repository and changes data alone. A
 * maintainer who has read a commit may ask for a preview of it with its own program.
 */
export function decide({ asked, fork, files }: Facts): Decision {
  const changed = files === undefined ? undefined : programFiles(files);
  // Of what somebody has read, nothing is left out.
  if (asked) return { preview: true, program: "head" };
  if (changed === undefined || changed.length > 0) {
    return { preview: false, why: "program", paths: changed ?? [] };
  }
  return fork ? { preview: false, why: "fork", paths: [] } : { preview: true, program: "base" };
}
