import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type Asked,
  LoopbackServer,
  pageOf,
  REPOSITORY,
  Redirect,
} from "../../comment/github/testing/github-stand-in.ts";
import { GithubWithComments } from "../../comment/github/testing/github-with-comments.ts";

interface Pull {
  readonly number: number;
  readonly state: string;
  readonly draft: boolean;
  readonly user: { readonly login: string };
  readonly head: { readonly ref: string; readonly sha: string; readonly repo: { full_name: string } | null };
  readonly base: { readonly ref: string; readonly repo: { readonly full_name: string } };
}

/**
 * GitHub's REST API on loopback, as far as the workflows use it: pull requests, their files and comments, runs and artifacts. The
 * archive of an artifact is on another server, as GitHub's store is, and that one accepts no token.
 */
export class FakeGithub extends GithubWithComments {
  pulls: Pull[] = [];
  readonly commits = new Map<number, { sha: string; author: object | null; committer: object | null }[]>();
  readonly files = new Map<number, { filename: string; previous_filename?: string }[]>();
  runs: {
    id: number;
    path: string;
    head_sha: string;
    head_repository: { full_name: string } | null;
    conclusion?: string | null;
  }[] = [];
  readonly artifacts = new Map<number, { name: string; zip: Buffer; size?: number; expired?: boolean }[]>();
  readonly #store = new LoopbackServer((request, response) => this.#download(request, response));

  override async start(): Promise<void> {
    await Promise.all([super.start(), this.#store.start()]);
  }
  override async stop(): Promise<void> {
    await Promise.all([super.stop(), this.#store.stop()]);
  }

  pull(
    number: number,
    sha: string,
    more: {
      ref?: string;
      from?: string | null;
      base?: string;
      state?: string;
      author?: string;
      draft?: boolean;
    } = {},
  ) {
    const {
      ref = "change",
      from = REPOSITORY,
      base = "main",
      state = "open",
      author = "ada",
      draft = false,
    } = more;
    const head = { ref, sha, repo: from === null ? null : { full_name: from } };
    this.pulls.push({
      number,
      state,
      draft,
      user: { login: author },
      head,
      base: { ref: base, repo: { full_name: REPOSITORY } },
    });
  }

  protected override find(asked: Asked): unknown {
    const { method, path, query } = asked;
    if (method !== "GET") return super.find(asked);
    const [, zip] = /^\/actions\/artifacts\/(\d+)\/zip$/.exec(path) ?? [];
    if (zip) return new Redirect(`${this.#store.address}/${zip}?sig=abc`);
    if (path === "/pulls") {
      const [owner, branch] = (query.get("head") ?? "").split(/:(.*)/s);
      const from = this.pulls.filter(
        ({ head }) => head.ref === branch && head.repo?.full_name.split("/")[0] === owner,
      );
      return pageOf(
        from.filter(({ state }) => state === query.get("state")),
        query,
      );
    }
    const [, pull, list] = /^\/pulls\/(\d+)(\/files|\/commits)?$/.exec(path) ?? [];
    if (list === "/files") return pageOf(this.files.get(Number(pull)) ?? [], query);
    if (list === "/commits") return pageOf(this.commits.get(Number(pull)) ?? [], query);
    if (pull) return this.pulls.find(({ number }) => number === Number(pull));
    if (path === "/actions/runs") {
      return {
        workflow_runs: pageOf(
          this.runs.filter((run) => run.head_sha === query.get("head_sha")),
          query,
        ),
      };
    }
    const [, run] = /^\/actions\/runs\/(\d+)\/artifacts$/.exec(path) ?? [];
    if (run) {
      const all = this.artifacts.get(Number(run)) ?? [];
      const listed = all.map(({ name, zip, size = zip.length, expired = false }, index) => ({
        id: Number(run) * 100 + index,
        name,
        size_in_bytes: size,
        expired,
      }));
      return {
        artifacts: pageOf(
          listed.filter(({ name }) => name === query.get("name")),
          query,
        ),
      };
    }
    return super.find(asked);
  }

  #download(request: IncomingMessage, response: ServerResponse): void {
    const id = Number(new URL(request.url ?? "", "http://localhost").pathname.slice(1));
    const artifact = this.artifacts.get(Math.floor(id / 100))?.[id % 100];
    // A store takes the signature in the address; a token there would be a leak.
    const refused = request.headers.authorization !== undefined || !artifact;
    response.writeHead(refused ? 400 : 200, { "content-type": "application/zip" });
    response.end(refused ? "" : artifact.zip);
  }
}
