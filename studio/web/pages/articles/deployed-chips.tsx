import { timeText } from "../../../../plan/map/words.ts";
import type { Deployed } from "../../../api/articles.ts";
import { strings } from "../../strings.ts";

const text = strings.articles.deployed;

/** What each stack has of an article, in a word each. */
export function DeployedChips({ deployed }: { readonly deployed: readonly Deployed[] }) {
  if (deployed.length === 0) return null;
  return (
    <ul className="chips">
      {deployed.map((one) => (
        <li key={one.stack} className={`chip ${one.held === undefined ? one.state : "held"}`}>
          {one.stack}: {one.held === undefined ? text.states[one.state] : text.held}
        </li>
      ))}
    </ul>
  );
}

/** The same in sentences, with since when, why, and where it is. */
export function DeployedList({ deployed }: { readonly deployed: readonly Deployed[] }) {
  if (deployed.length === 0) return <p className="lead">{text.unknown}</p>;
  return (
    <ul className="deployed">
      {deployed.map(({ stack, state, since, held, url }) => (
        <li key={stack}>
          <strong>{stack}</strong> {text.sentences[state]}
          {since === undefined ? null : ` ${text.since(timeText(since))}`}
          {held === undefined ? null : ` ${text.heldBecause(held)}`}
          {url === undefined ? null : (
            <>
              {" "}
              <a href={url} target="_blank" rel="noreferrer">
                {text.open(stack)}
              </a>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
