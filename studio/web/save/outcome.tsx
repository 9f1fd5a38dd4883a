import type { Proposed } from "../../api/save.ts";
import { ProblemList } from "../shell/problem-list.tsx";
import { strings } from "../strings.ts";

/** What proposing has led to, with links. */
export function Outcome({ proposed }: { readonly proposed: Proposed }) {
  const { branch, isPushed, pullRequest, problems } = proposed;
  const texts = strings.save.proposed;
  return (
    <div role="status" className="summary">
      <strong>{texts.title}</strong>
      {pullRequest ? (
        <a href={pullRequest.url} target="_blank" rel="noreferrer">
          {texts.pullRequest(pullRequest.number)}
        </a>
      ) : (
        <span>{isPushed ? texts.pushed(branch) : texts.kept(branch)}</span>
      )}
      {problems.length > 0 ? <ProblemList problems={problems} /> : null}
    </div>
  );
}
