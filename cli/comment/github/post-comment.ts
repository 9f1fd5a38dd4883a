import type { GithubApi, IssueComment } from "./github-api.ts";
import { hasText, keepOurs } from "./ours.ts";

/** Where a comment belongs. */
export interface CommentTarget {
  /** `owner/name` */
  readonly repository: string;
  readonly number: number;
  /** The login that owns the comment. @default the token's user */
  readonly author?: string;
  /** The first line of the comment. */
  readonly marker: string;
}

/** What was done. */
export interface Posted {
  readonly action: "created" | "edited" | "unchanged";
  readonly url: string;
}

/**
 * Creates the comment, or edits the one that is there: it is ours where its author is, and it begins with the marker.
 * Somebody else's comment with the marker is left alone.
 * @throws {LecternError} where GitHub refuses it, or does not answer
 */
export async function postComment(api: GithubApi, target: CommentTarget, body: string): Promise<Posted> {
  const { repository, number } = target;
  return keepOurs<Posted>(api, target, {
    keep: async (isOurs) => {
      const comment = (await api.comments(repository, number)).find(isOurs);
      return comment && (await edited(api, target, comment, body));
    },
    create: async () => {
      const { html_url: url } = await api.create(repository, number, body);
      return { action: "created", url };
    },
    again: "it edits the comment where there is one",
  });
}

async function edited(
  api: GithubApi,
  { repository }: CommentTarget,
  comment: IssueComment,
  body: string,
): Promise<Posted> {
  if (hasText(comment, body)) return { action: "unchanged", url: comment.html_url };
  const { html_url: url } = await api.edit(repository, comment.id, body);
  return { action: "edited", url };
}
