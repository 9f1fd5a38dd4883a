import { z } from "zod";
import { type Network, NoAnswer, request } from "../../../components/http/request.ts";
import { LecternError } from "../../../components/problem/problem.ts";

/** GitHub's REST API, as far as the comment needs it. */
export interface GithubApi {
  /** The user that a token acts as; undefined where GitHub does not tell. */
  viewer(): Promise<string | undefined>;
  /** Every comment of an issue or a pull request, oldest first. */
  comments(repository: string, number: number): Promise<IssueComment[]>;
  /** Not retried where the answer is lost: it may be created. @throws {NoAnswer} then */
  create(repository: string, number: number, body: string): Promise<IssueComment>;
  edit(repository: string, id: number, body: string): Promise<IssueComment>;
}

const commentSchema = z.object({
  id: z.number(),
  body: z.string().nullish(),
  html_url: z.string().default(""),
  user: z.object({ login: z.string() }).nullish(),
});
export type IssueComment = z.infer<typeof commentSchema>;

const viewerSchema = z.object({ data: z.object({ viewer: z.object({ login: z.string() }) }) });

/** How many items of a list GitHub gives at once. */
export const PAGE = 100;
/** How many such pages are read of a list that may go on. */
const MOST_PAGES = 100;

const TIMEOUT = 20_000;

/** How often a call is tried again that GitHub refuses for a while. */
const WAITS = 4;
const LONGEST_WAIT = 120_000;
/** What GitHub asks for where it names no time. */
const USUAL_WAIT = 60_000;

/**
 * The API that the environment names, as GitHub Actions sets it.
 * @throws {LecternError} where there is no token
 */
export function githubOf(network: Network, environment: NodeJS.ProcessEnv): GithubApi {
  const token = tokenIn(environment);
  const api = githubAddress(environment);
  const graphql = environment["GITHUB_GRAPHQL_URL"] || `${api.replace(/\/api\/v3$/, "/api")}/graphql`;
  const call = githubCaller(network, token);
  const issues = (repository: string) => `${api}/repos/${repository}/issues`;
  return {
    viewer: async () => {
      const query = { query: "{viewer{login}}" };
      const { status, json } = await call("POST", graphql, "the token's user", {
        body: query,
        idempotent: true,
      });
      return status === 200 ? viewerSchema.safeParse(json).data?.data.viewer.login : undefined;
    },
    comments: async (repository, number) => {
      const list = { item: commentSchema, what: "the comments", remedies: REMEDIES };
      return (await readList(call, `${issues(repository)}/${number}/comments`, list)).items;
    },
    create: (repository, number, body) => {
      const kind = { item: commentSchema, what: "the comment", remedies: REMEDIES };
      return createItem(call, `${issues(repository)}/${number}/comments`, { body }, kind);
    },
    edit: async (repository, id, body) => {
      const url = `${issues(repository)}/comments/${id}`;
      const answer = await call("PATCH", url, "the comment", { body: { body }, idempotent: true });
      return readAnswer(commentSchema, answer, "the comment", REMEDIES);
    },
  };
}

/** The token of the environment. @throws {LecternError} where there is none */
export function tokenIn(environment: NodeJS.ProcessEnv): string {
  const token = environment["GITHUB_TOKEN"] || environment["GH_TOKEN"];
  if (!token) throw noToken();
  return token;
}

export interface Answer {
  readonly status: number;
  readonly json: unknown;
}
interface Sent {
  readonly body?: object;
  readonly idempotent: boolean;
}
type GithubCall = ReturnType<typeof githubCaller>;

/** Where the API is: GitHub Actions names it, also on an enterprise's own server. */
export const githubAddress = (environment: NodeJS.ProcessEnv) =>
  environment["GITHUB_API_URL"] || "https://api.github.com";

/** What each call of the API has. */
export const githubHeaders = (token: string): Record<string, string> => ({
  accept: "application/vnd.github+json",
  authorization: `Bearer ${token}`,
  "x-github-api-version": "2022-11-28",
  "user-agent": "lectern",
});

/** Calls the API with a token, and waits where its secondary rate limit asks for it. @throws {NoAnswer} */
export function githubCaller(network: Network, token: string) {
  return async (method: string, url: string, what: string, { body, idempotent }: Sent): Promise<Answer> => {
    const init: RequestInit = {
      method,
      headers: { ...githubHeaders(token), ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    };
    const policy = { name: `${method} ${what} of GitHub`, timeout: TIMEOUT, idempotent };
    for (let attempt = 0; ; attempt += 1) {
      const response = await request(network, url, init, policy);
      const answer = { status: response.status, json: await jsonOf(response) };
      const wait = waitOf(response, answer);
      if (wait === undefined || attempt === WAITS) return answer;
      await network.clock.sleep(wait);
    }
  };
}

/** Things that GitHub has, such as the comments of an issue. */
interface Kind<T extends z.ZodType> {
  readonly item: T;
  /** What is asked for, for errors. */
  readonly what: string;
  /** @see readAnswer */
  readonly remedies: Readonly<Record<number, string>>;
}

/**
 * Creates something. It is not tried again where the answer is lost: it may exist.
 * @throws {NoAnswer} then, also where GitHub fails while it creates it
 * @throws {LecternError} where GitHub refuses it
 */
export async function createItem<T extends z.ZodType>(
  call: GithubCall,
  url: string,
  body: object,
  { item, what, remedies }: Kind<T>,
): Promise<z.infer<T>> {
  const answer = await call("POST", url, what, { body, idempotent: false });
  if (answer.status >= 500) throw new NoAnswer(what, "network", `status ${answer.status}`, true);
  return readAnswer(item, answer, what, remedies);
}

/** A list that GitHub gives in pages. */
interface List<T extends z.ZodType> extends Kind<T> {
  /** @default MOST_PAGES */
  readonly mostPages?: number;
}

/**
 * Reads a list, page by page. `whole` tells whether it came to its end within the pages that are read.
 * @throws {LecternError} where GitHub refuses it
 */
export async function readList<T extends z.ZodType>(
  call: GithubCall,
  address: string,
  { item, what, remedies, mostPages = MOST_PAGES }: List<T>,
): Promise<{ readonly items: z.infer<T>[]; readonly whole: boolean }> {
  const url = new URL(address);
  url.searchParams.set("per_page", String(PAGE));
  const items: z.infer<T>[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    url.searchParams.set("page", String(page));
    const answer = await call("GET", url.href, what, { idempotent: true });
    const found = readAnswer(z.array(item), answer, what, remedies);
    items.push(...found);
    if (found.length < PAGE) return { items, whole: true };
  }
  return { items, whole: false };
}

async function jsonOf(response: Response): Promise<unknown> {
  return response.json().catch(() => undefined);
}

/** Milliseconds until a call may be tried again that GitHub's secondary rate limit refused: it does nothing then. */
function waitOf({ status, headers }: Response, { json }: Answer): number | undefined {
  if (status !== 403) return undefined;
  const after = Number(headers.get("retry-after") ?? Number.NaN);
  if (!Number.isNaN(after)) return Math.min(after * 1000, LONGEST_WAIT);
  return /secondary rate limit/i.test(messageIn(json)) ? USUAL_WAIT : undefined;
}

const messageIn = (json: unknown) => z.object({ message: z.string() }).safeParse(json).data?.message ?? "";

/**
 * What GitHub answered.
 * @param remedies what to do about a status, where GitHub refuses
 * @throws {LecternError} where it refuses, or answers something else
 */
export function readAnswer<T extends z.ZodType>(
  schema: T,
  { status, json }: Answer,
  what: string,
  remedies: Readonly<Record<number, string>>,
): z.infer<T> {
  const parsed = status < 300 ? schema.safeParse(json) : undefined;
  if (parsed?.success) return parsed.data;
  throw new LecternError({
    code: "github-refused",
    severity: "error",
    message: `GitHub refuses ${what} (${status}${messageIn(json) === "" ? "" : `: ${messageIn(json)}`})`,
    remedy: remedies[status] ?? "Run the job again, and check githubstatus.com if it goes on",
  });
}

const REMEDIES: Readonly<Record<number, string>> = {
  401: "Set GITHUB_TOKEN to a token that is valid",
  403: "Give the job `permissions: {pull-requests: write}`; a workflow of a fork's pull request never has it, so comment from a `workflow_run`",
  404: "Check --repository and --number, and that the token may read the repository",
  422: "Check that the pull request is not locked, and that the comment is shorter than 65,536 characters",
};

const noToken = () =>
  new LecternError({
    code: "missing-token",
    severity: "error",
    message: "there is no token to write to GitHub with",
    remedy: "Set GITHUB_TOKEN in the step's `env`, such as to the workflow's own token",
  });
