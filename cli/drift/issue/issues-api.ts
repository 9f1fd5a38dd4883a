import { z } from "zod";
import type { Network } from "../../../components/http/request.ts";
import {
  createItem,
  type GithubApi,
  githubAddress,
  githubCaller,
  githubOf,
  readAnswer,
  readList,
  tokenIn,
} from "../../comment/github/github-api.ts";

const issueSchema = z.object({
  number: z.number(),
  title: z.string().default(""),
  body: z.string().nullish(),
  html_url: z.string().default(""),
  user: z.object({ login: z.string() }).nullish(),
  /** GitHub lists pull requests as issues. */
  pull_request: z.unknown().optional(),
});
export type Issue = z.infer<typeof issueSchema>;

/** What is written of an issue. */
export interface IssueText {
  readonly title: string;
  readonly body: string;
}

/** GitHub's issues, as far as drift needs them. */
export interface IssuesApi extends Pick<GithubApi, "viewer"> {
  /** Every open issue, oldest first. */
  open(repository: string): Promise<Issue[]>;
  /** Not retried where the answer is lost: it may be created. @throws {NoAnswer} then */
  create(repository: string, text: IssueText): Promise<Issue>;
  edit(repository: string, number: number, text: IssueText): Promise<Issue>;
  close(repository: string, number: number): Promise<Issue>;
  /** Not retried where the answer is lost. @throws {NoAnswer} then */
  comment(repository: string, number: number, body: string): Promise<void>;
}

/** @throws {LecternError} where there is no token */
export function issuesOf(network: Network, environment: NodeJS.ProcessEnv): IssuesApi {
  const github = githubOf(network, environment);
  const call = githubCaller(network, tokenIn(environment));
  const issues = (repository: string) => `${githubAddress(environment)}/repos/${repository}/issues`;
  const patch = async (repository: string, number: number, body: object) => {
    const url = `${issues(repository)}/${number}`;
    const answer = await call("PATCH", url, "the issue", { body, idempotent: true });
    return readAnswer(issueSchema, answer, "the issue", REMEDIES);
  };
  return {
    viewer: github.viewer,
    open: async (repository) => {
      const url = `${issues(repository)}?state=open&sort=created&direction=asc`;
      const list = { item: issueSchema, what: "the issues", remedies: REMEDIES };
      const { items } = await readList(call, url, list);
      return items.filter((one) => one.pull_request === undefined);
    },
    create: (repository, text) => {
      const kind = { item: issueSchema, what: "the issue", remedies: REMEDIES };
      return createItem(call, issues(repository), text, kind);
    },
    edit: patch,
    close: (repository, number) => patch(repository, number, { state: "closed", state_reason: "completed" }),
    comment: async (repository, number, body) => void (await github.create(repository, number, body)),
  };
}

const REMEDIES: Readonly<Record<number, string>> = {
  401: "Set GITHUB_TOKEN to a token that is valid",
  403: "Give the job `permissions: {issues: write}`",
  404: "Check --repository, and that the token may read the repository",
  410: "Turn issues on in the repository's settings, or leave out --issue",
  422: "Check that the issue is not locked",
};
