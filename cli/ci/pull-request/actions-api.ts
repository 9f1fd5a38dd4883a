import { z } from "zod";
import { type Network, request } from "../../../components/http/request.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import {
  githubAddress,
  githubCaller,
  githubHeaders,
  PAGE,
  readAnswer,
  readList,
  tokenIn,
} from "../../comment/github/github-api.ts";

/** GitHub's REST API, as far as it tells which pull request a run is about, and what the run left. */
export interface ActionsApi {
  /** Open pull requests from a branch of a repository. */
  pullsFrom(repository: string, owner: string, branch: string): Promise<PullRequest[]>;
  /** Undefined where there is none. */
  pull(repository: string, number: number): Promise<PullRequest | undefined>;
  /** The files that it changes, old names of renamed ones included; undefined where GitHub does not list them all. */
  files(repository: string, number: number): Promise<string[] | undefined>;
  /** Its commits; undefined where GitHub does not list them all. */
  commits(repository: string, number: number): Promise<Commit[] | undefined>;
  /** The runs of pull requests for a commit, newest first. */
  runs(repository: string, commit: string): Promise<WorkflowRun[]>;
  artifacts(repository: string, run: number, name: string): Promise<Artifact[]>;
  /** The bytes of an artifact. @throws {NoAnswer} where it has more than `largest` */
  download(repository: string, artifact: number, largest: number): Promise<Buffer>;
}

const pullSchema = z.object({
  number: z.int().positive(),
  state: z.string(),
  draft: z.boolean().default(false),
  user: z.object({ login: z.string() }).nullish(),
  head: z.object({ sha: z.string(), repo: z.object({ full_name: z.string() }).nullable() }),
  base: z.object({ ref: z.string(), repo: z.object({ full_name: z.string() }) }),
});
const fileSchema = z.object({ filename: z.string(), previous_filename: z.string().optional() });
const person = z.object({ login: z.string() }).nullish().catch(undefined);
const commitSchema = z.object({ sha: z.string(), author: person, committer: person });
const runSchema = z.object({
  id: z.int(),
  path: z.string(),
  conclusion: z.string().nullish(),
  head_repository: z.object({ full_name: z.string() }).nullable(),
});
const artifactSchema = z.object({
  id: z.int(),
  name: z.string(),
  size_in_bytes: z.number(),
  expired: z.boolean(),
});

export type PullRequest = z.infer<typeof pullSchema>;
type Commit = z.infer<typeof commitSchema>;
type WorkflowRun = z.infer<typeof runSchema>;
export type Artifact = z.infer<typeof artifactSchema>;

/** GitHub lists this many files and commits of a pull request, and no more. */
const MOST_FILES = 3_000;
const MOST_COMMITS = 250;
const DOWNLOAD_TIMEOUT = 60_000;

const REMEDIES: Readonly<Record<number, string>> = {
  401: "Set GITHUB_TOKEN to a token that is valid",
  403: "Give the job `permissions: {actions: read, contents: read, pull-requests: read}`",
  404: "Check that the token may read the repository",
};

/** The API that the environment names. @throws {LecternError} where there is no token */
export function actionsApi(network: Network, environment: NodeJS.ProcessEnv): ActionsApi {
  const token = tokenIn(environment);
  const address = `${githubAddress(environment)}/repos`;
  const call = githubCaller(network, token);
  const get = (path: string, what: string) => call("GET", `${address}/${path}`, what, { idempotent: true });
  const read = async <T extends z.ZodType>(schema: T, path: string, what: string): Promise<z.infer<T>> =>
    readAnswer(schema, await get(path, what), what, REMEDIES);
  /** Undefined where GitHub may have left something out, as it lists no more than `most`. */
  const listOf = async <T extends z.ZodType>(item: T, path: string, what: string, most: number) => {
    const list = { item, what, remedies: REMEDIES, mostPages: Math.ceil(most / PAGE) };
    const { items, whole } = await readList(call, `${address}/${path}`, list);
    return whole && items.length < most ? items : undefined;
  };
  return {
    pullsFrom: (repository, owner, branch) => {
      const head = encodeURIComponent(`${owner}:${branch}`);
      const path = `${repository}/pulls?state=open&head=${head}&per_page=${PAGE}`;
      return read(z.array(pullSchema), path, "the pull requests");
    },
    pull: async (repository, number) => {
      const answer = await get(`${repository}/pulls/${number}`, "the pull request");
      return answer.status === 404 ? undefined : readAnswer(pullSchema, answer, "the pull request", REMEDIES);
    },
    files: async (repository, number) => {
      const path = `${repository}/pulls/${number}/files`;
      const files = await listOf(fileSchema, path, "the changed files", MOST_FILES);
      return files?.flatMap((one) => [one.filename, one.previous_filename ?? []].flat());
    },
    commits: (repository, number) =>
      listOf(commitSchema, `${repository}/pulls/${number}/commits`, "the commits", MOST_COMMITS),
    runs: async (repository, commit) => {
      const path = `${repository}/actions/runs?event=pull_request&head_sha=${commit}&per_page=${PAGE}`;
      const schema = z.object({ workflow_runs: z.array(runSchema) });
      return (await read(schema, path, "the runs of the commit")).workflow_runs;
    },
    artifacts: async (repository, run, name) => {
      const path = `${repository}/actions/runs/${run}/artifacts?name=${encodeURIComponent(name)}&per_page=${PAGE}`;
      return (await read(z.object({ artifacts: z.array(artifactSchema) }), path, "the artifacts")).artifacts;
    },
    download: async (repository, artifact, largest) => {
      const url = `${address}/${repository}/actions/artifacts/${artifact}/zip`;
      // It redirects to a store, which `fetch` gives no token: that is of another origin.
      const init = { headers: githubHeaders(token) };
      const policy = {
        name: "GET the artifact of GitHub",
        timeout: DOWNLOAD_TIMEOUT,
        idempotent: true,
        largest,
      };
      const response = await request(network, url, init, policy);
      if (response.ok) return Buffer.from(await response.arrayBuffer());
      throw new LecternError({
        code: "github-refused",
        severity: "error",
        message: `GitHub refuses the artifact (${response.status})`,
        remedy: REMEDIES[response.status] ?? "Run the job again",
      });
    },
  };
}
