import { type Asked, BOT, GithubStandIn, pageOf } from "./github-stand-in.ts";

interface Stored {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string };
  readonly html_url: string;
  readonly issue: number;
}

/** GitHub on loopback, as far as comments need it. */
export class GithubWithComments extends GithubStandIn {
  comments: Stored[] = [];

  comment(issue: number, login: string, body: string): Stored {
    const id = this.comments.length + 1;
    const made = { id, body, user: { login }, html_url: `https://github.example/${issue}#${id}`, issue };
    this.comments.push(made);
    return made;
  }

  protected find({ method, path, query, sent }: Asked): unknown {
    const [, issue] = /^\/issues\/(\d+)\/comments$/.exec(path) ?? [];
    const body = String(sent["body"]);
    if (issue && method === "POST") return this.comment(Number(issue), this.viewer ?? BOT, body);
    if (issue)
      return pageOf(
        this.comments.filter((one) => one.issue === Number(issue)),
        query,
      );
    const known = method === "PATCH" && this.comments.find(({ id }) => path === `/issues/comments/${id}`);
    return known ? Object.assign(known, { body }) : undefined;
  }
}
