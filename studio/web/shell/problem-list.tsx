import { AlertIcon, XCircleIcon } from "@primer/octicons-react";
import type { ApiProblem } from "../../api/problem.ts";
import { strings } from "../strings.ts";

/** Problems as people read them: where, what is wrong, the offending text, what to do. */
export function ProblemList({ problems }: { readonly problems: readonly ApiProblem[] }) {
  return (
    <ul className="problems">
      {problems.map((problem) => (
        <ProblemItem key={keyOf(problem)} problem={problem} />
      ))}
    </ul>
  );
}

function ProblemItem({ problem }: { readonly problem: ApiProblem }) {
  const { severity, message, remedy, snippet } = problem;
  const Icon = severity === "error" ? XCircleIcon : AlertIcon;
  return (
    <li className={`problem ${severity}`}>
      <Icon aria-label={strings.problems[severity]} />
      <div>
        <Place problem={problem} />
        <p>{sentence(message)}</p>
        {snippet === undefined ? null : <pre className="snippet">{snippet}</pre>}
        <p className="remedy">{sentence(remedy)}</p>
      </div>
    </li>
  );
}

function Place({ problem: { file, line, column, path } }: { readonly problem: ApiProblem }) {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  const parts = [place, path].filter((part) => part);
  return parts.length === 0 ? null : <p className="place">{parts.join("  ")}</p>;
}

const keyOf = ({ code, file, path, line, column, message }: ApiProblem) =>
  [code, file, path, line, column, message].join("|");

/** Messages have no full stop of their own. */
export const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
