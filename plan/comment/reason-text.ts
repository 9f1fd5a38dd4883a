import type { CommentInput } from "./comment-input.ts";
import type { NotPreviewed } from "./not-previewed.ts";
import { code } from "./text/inert.ts";
import { listed } from "./text/wording.ts";

const BY_FILES = "the plan is made of the changed files alone";

/** Why a pull request is not previewed, and what somebody can do about it. */
export function reasonText({ why, paths }: NotPreviewed, { commit }: CommentInput): string {
  const files = paths.length === 0 ? "" : ` (${listed(paths.map(code), 5)})`;
  const at = commit === undefined ? "" : ` at ${code(commit)}`;
  const ask = `A maintainer who has read it${at} can ask for a preview: run the workflow \`comment\` with its number and commit.`;
  return {
    fork: `This pull request comes from a fork, which gets no credentials: ${BY_FILES}. Merging may change less than this, or nothing.`,
    program: `**This pull request changes what deploys the catalog**${files}, so it is not previewed with credentials, and the plan below was made by its own code. ${ask}`,
    access: `**This pull request changes how clusters are reached**${files}, so it is not previewed with credentials: ${BY_FILES}. ${ask}`,
    charts: `**This pull request changes templates of charts, or where they come from**${files}. Templates get the secrets of hubs, so it is not previewed with credentials: ${BY_FILES}. ${ask}`,
    settings: `**This pull request changes settings of stacks that lead elsewhere**${files}, so it is not previewed with credentials: ${BY_FILES}. ${ask}`,
    links: `A symbolic link or a submodule leads out of the catalog${files}, so this pull request is not previewed: ${BY_FILES}. Replace it by a file.`,
    conflict: `This branch has conflicts with the base${files}, so it is not previewed: ${BY_FILES}. Merge the base into it.`,
    moved: `This pull request has a newer commit, which is planned by a run of its own.`,
  }[why];
}
