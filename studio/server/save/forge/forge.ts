import { z } from "zod";
import {
  createItem,
  githubAddress,
  githubCaller,
  githubOf,
  readAnswer,
  tokenIn,
} from "../../../../cli/comment/github/github-api.ts";
import { type Network, NoAnswer } from "../../../../components/http/request.ts";
import { LecternError, type Problem } from "../../../../components/problem/problem.ts";
import { type Credentials, problem } from "../git/git.ts";

/** What the server reaches GitHub with; the environment is that of a GitHub workflow's step, as far as it has a token. */
export interface ForgeSettings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly network: Network;
}

export interface PullRequest {
  readonly number: number;
  readonly url: string;
}

interface PullText {
  readonly branch: string;
  readonly target: string;
  readonly title: string;
  readonly body: string;
}

/** Where pull requests are opened. */
export interface Forge {
  /** The login of the token's user; undefined where GitHub does not tell. */
  viewer(): Promise<string | undefined>;
  /** The open pull request of a branch, or a new one. @throws {LecternError} where GitHub refuses it or does not answer */
  open(pull: PullText): Promise<PullRequest>;
  readonly credentials: Credentials;
}

const pullSchema = z.object({ number: z.int().positive(), html_url: z.string() });

/** @param remote the address of origin; undefined where it is on another host than GitHub's API, or names no repository */
export function forgeOf(
  { environment, network }: ForgeSettings,
  remote: string | undefined,
): Forge | undefined {
  const repository = environment["GITHUB_REPOSITORY"] || repositoryIn(remote, environment);
  if (repository === undefined || remote === undefined) return undefined;
  const token = tokenIn(environment);
  const call = githubCaller(network, token);
  const pulls = `${githubAddress(environment)}/repos/${repository}/pulls`;
  const [owner = ""] = repository.split("/");
  const find = async (branch: string): Promise<PullRequest | undefined> => {
    const url = `${pulls}?state=open&head=${encodeURIComponent(`${owner}:${branch}`)}`;
    const answer = await call("GET", url, "the pull requests", { idempotent: true });
    const [first] = readAnswer(z.array(pullSchema), answer, "the pull requests", REMEDIES);
    return first && { number: first.number, url: first.html_url };
  };
  const create = async ({ branch, target, title, body }: PullText): Promise<PullRequest> => {
    const kind = { item: pullSchema, what: "the pull request", remedies: REMEDIES };
    const made = await createItem(call, pulls, { head: branch, base: target, title, body }, kind);
    return { number: made.number, url: made.html_url };
  };
  return {
    viewer: () =>
      githubOf(network, environment)
        .viewer()
        .catch(() => undefined),
    open: async (pull) => {
      try {
        return (await find(pull.branch)) ?? (await create(pull));
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        // It may have been created: only looking for it again tells.
        const found = await find(pull.branch).catch(() => undefined);
        if (found) return found;
        throw new LecternError(silent(error));
      }
    },
    credentials: credentialsFor(remote, token),
  };
}

/** `owner/name` of an address such as https://github.com/owner/name.git, where the API is that host's. */
function repositoryIn(
  remote: string | undefined,
  environment: ForgeSettings["environment"],
): string | undefined {
  const [, host, path] =
    /^(?:https?:\/\/(?:[^/@]*@)?|ssh:\/\/(?:[^/@]*@)?|[^/@]*@)([^/:]+)(?::\d+)?[/:](.+)$/.exec(
      remote ?? "",
    ) ?? [];
  const api = new URL(githubAddress(environment)).hostname;
  if (host === undefined || (api !== host && api !== `api.${host}`)) return undefined;
  const repository = path?.replace(/\/$/, "").replace(/\.git$/, "");
  return repository !== undefined && /^[\w.-]+\/[\w.-]+$/.test(repository) ? repository : undefined;
}

function credentialsFor(remote: string, token: string): Credentials {
  if (!remote.startsWith("https://")) return {};
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${new URL(remote).origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
}

const REMEDIES: Readonly<Record<number, string>> = {
  401: "Set GITHUB_TOKEN of the studio to a token that is valid",
  403: "Give the studio's token write access to pull requests",
  404: "Check that the studio's token may read the repository",
  422: "Look at the branch on GitHub: a pull request of it may be open already, or it has no changes",
};

const silent = ({ message }: NoAnswer): Problem =>
  problem(
    "github-silent",
    `GitHub does not answer: ${message}`,
    "Propose again: what was pushed stays, and nothing is created twice",
  );
