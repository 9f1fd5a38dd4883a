import { NoAnswer } from "../../../components/http/request.ts";
import { hasText, keepOurs } from "../../comment/github/ours.ts";
import type { Issue, IssuesApi, IssueText } from "./issues-api.ts";

/** Where the issue belongs. */
export interface IssueTarget {
  /** `owner/name` */
  readonly repository: string;
  /** The login that owns the issue. @default the token's user */
  readonly author?: string;
  /** The first line of the issue. */
  readonly marker: string;
}

/** What the issue is to say: `open` opens one where there is none, `update` does not, `close` closes it. */
export type WantedIssue =
  | ({ readonly want: "open" | "update" } & IssueText)
  | { readonly want: "close"; readonly comment: string };

/** What was done. */
export interface KeptIssue {
  readonly action: "opened" | "updated" | "unchanged" | "closed";
  readonly number: number;
  readonly url: string;
}

/**
 * Keeps one open issue: it is ours where its author is, and it begins with the marker. Somebody else's issue with the
 * marker is left alone. Where there are several of ours, the oldest is kept, and the others are closed.
 * @returns undefined where there is none, and none is wanted
 * @throws {LecternError} where GitHub refuses it, or does not answer
 */
export async function keepIssue(
  api: IssuesApi,
  target: IssueTarget,
  wanted: WantedIssue,
): Promise<KeptIssue | undefined> {
  return keepOurs<KeptIssue | undefined>(api, target, {
    keep: async (isOurs) => {
      const [first, ...others] = (await api.open(target.repository)).filter(isOurs);
      for (const { number } of others) await api.close(target.repository, number);
      if (!first) return undefined;
      return wanted.want === "close"
        ? await closed(api, target, first, wanted.comment)
        : await updated(api, target, first, wanted);
    },
    create: async () => (wanted.want === "open" ? await opened(api, target, wanted) : undefined),
    again: "it goes on with the issue where there is one",
  });
}

async function opened(
  api: IssuesApi,
  { repository }: IssueTarget,
  { title, body }: IssueText,
): Promise<KeptIssue> {
  const { number, html_url: url } = await api.create(repository, { title, body });
  return { action: "opened", number, url };
}

async function closed(
  api: IssuesApi,
  { repository }: IssueTarget,
  { number, html_url: url }: Issue,
  comment: string,
): Promise<KeptIssue> {
  await api.close(repository, number);
  try {
    await api.comment(repository, number, comment);
  } catch (error) {
    // It is closed, which says the same.
    if (!(error instanceof NoAnswer)) throw error;
  }
  return { action: "closed", number, url };
}

async function updated(
  api: IssuesApi,
  { repository }: IssueTarget,
  issue: Issue,
  { title, body }: IssueText,
): Promise<KeptIssue> {
  const { number, html_url: url } = issue;
  const isSame = hasText(issue, body) && issue.title === title;
  if (!isSame) await api.edit(repository, number, { title, body });
  return { action: isSame ? "unchanged" : "updated", number, url };
}
