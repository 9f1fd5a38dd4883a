import {
  type Asked,
  GithubStandIn,
  pageOf,
  REPOSITORY,
} from "../../../../cli/comment/github/testing/github-stand-in.ts";

interface Pull {
  readonly number: number;
  readonly html_url: string;
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  state: string;
}

/** GitHub on loopback, as far as opening pull requests needs it. */
export class GithubWithPulls extends GithubStandIn {
  readonly pulls: Pull[] = [];

  protected find({ method, path, query, sent }: Asked): unknown {
    if (path !== "/pulls") return undefined;
    if (method === "POST") return this.#open(sent);
    const branch = query.get("head")?.replace(`${REPOSITORY.split("/")[0]}:`, "");
    const found = this.pulls.filter(({ head, state }) => head === branch && state === query.get("state"));
    return pageOf(found, query);
  }

  #open(sent: Asked["sent"]): Pull {
    const number = this.pulls.length + 1;
    const text = (key: string) => String(sent[key]);
    const html_url = `https://github.example/${REPOSITORY}/pull/${number}`;
    const texts = { head: text("head"), base: text("base"), title: text("title"), body: text("body") };
    const pull = { number, html_url, state: "open", ...texts };
    this.pulls.push(pull);
    return pull;
  }
}
