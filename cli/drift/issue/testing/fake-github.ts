import { type Asked, BOT, GithubStandIn, pageOf } from "../../../comment/github/testing/github-stand-in.ts";

export interface Stored {
  readonly number: number;
  title: string;
  body: string;
  state: string;
  readonly comments: string[];
  readonly user: { readonly login: string };
  readonly pull_request?: object;
}

/** A stand-in for GitHub on loopback, as far as issues need it. */
export class FakeGithub extends GithubStandIn {
  readonly issues: Stored[] = [];

  add(login: string, body: string, more: Partial<Stored> = {}): Stored {
    const issue = {
      number: this.issues.length + 1,
      title: "Drift",
      body,
      state: "open",
      comments: [],
      user: { login },
      ...more,
    };
    this.issues.push(issue);
    return issue;
  }

  writes = () => this.calls.filter((call) => !call.startsWith("GET"));
  open = () => this.issues.filter(({ state }) => state === "open").map(({ body }) => body);

  protected find({ method, path, query, sent }: Asked): unknown {
    if (method === "GET") {
      return pageOf(
        this.issues.filter(({ state }) => state === query.get("state")),
        query,
      );
    }
    if (method === "POST" && path === "/issues") return Object.assign(this.add(BOT, ""), sent);
    const [, named] = /^\/issues\/(\d+)/.exec(path) ?? [];
    const issue = this.issues.find(({ number }) => number === Number(named));
    if (!issue || method === "PATCH") return issue && Object.assign(issue, sent);
    issue.comments.push(String(sent["body"]));
    return { id: 1, body: sent["body"] };
  }
}
