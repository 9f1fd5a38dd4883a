import { whatIsFound } from "../../../../plan/map/found-text.ts";
import { type MapRow, nameOf } from "../../../../plan/map/rows.ts";
import { heldText, overrideText, STATE_WORDS, stagingText } from "../../../../plan/map/words.ts";
import { strings } from "../../strings.ts";
import { Digest, Note, Open, When } from "./parts.tsx";

const text = strings.map;

/** What a stack has of a thing, since when, and what is not as the catalog has it. */
export function ThingCell({ row }: { readonly row: MapRow }) {
  const { stack, environment, thing } = row;
  const { version, image, digest, url, since, held, uses } = thing;
  return (
    <div className="map-cell">
      {stack === environment ? null : <p className="facts">{stack}</p>}
      <p className="map-version">
        {version === undefined ? null : <bdi className="map-title">{version}</bdi>}
        {image === undefined ? null : <bdi className="facts">{image}</bdi>}
        {digest === undefined ? null : <Digest value={digest} />}
        <Open url={url} of={`${thing.title ?? nameOf(thing)} · ${stack}`} />
      </p>
      {held && !held.deployed ? null : (
        <p className="facts">
          {text.since} {since === undefined ? text.unknown : <When at={since} />}
        </p>
      )}
      {uses.length === 0 ? null : (
        <p className="facts" title={uses.join(", ")}>
          {text.uses(thing.kind, uses)}
        </p>
      )}
      <Notes row={row} />
    </div>
  );
}

function Notes({ row: { thing, states, differences, staging } }: { readonly row: MapRow }) {
  const { held, override, outside } = thing;
  return (
    <>
      {held ? (
        <Note state="held" label={STATE_WORDS.held}>
          {heldText(held)}
        </Note>
      ) : null}
      {staging ? (
        <Note state="behind" label={STATE_WORDS.behind}>
          {stagingText(thing, staging)}
        </Note>
      ) : null}
      {override ? (
        <Note state="override" label={STATE_WORDS.override}>
          {overrideText(override)}
        </Note>
      ) : null}
      {differences.map((one) => (
        <Note
          key={`${one.what} ${one.at} ${one.by}`}
          state={one.fate === "accepted" ? "deployed" : "drifted"}
          label={one.fate === "accepted" ? text.accepted : STATE_WORDS.drifted}
        >
          {whatIsFound(one)}
        </Note>
      ))}
      {states.includes("unhealthy") ? (
        <Note state="unhealthy" label={STATE_WORDS.unhealthy}>
          {text.unhealthy}
        </Note>
      ) : null}
      {outside ? (
        <Note state="outside" label={STATE_WORDS.outside}>
          {text.outside[outside]}
        </Note>
      ) : null}
    </>
  );
}
