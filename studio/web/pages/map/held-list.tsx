import { heldByNotebooks, overrideHint, placeText, whyText } from "../../../../plan/map/held-by-notebook.ts";
import type { DeployedMap } from "../../../../plan/map/map-file.ts";
import { strings } from "../../strings.ts";

const text = strings.map;

/** Kernels and articles that stay as they are, as a notebook fails: where, why, and what to do. */
export function HeldList({ map }: { readonly map: DeployedMap }) {
  const held = heldByNotebooks(map);
  if (held.length === 0) return null;
  return (
    <section className="card map-stacks" aria-labelledby="held-by-notebook">
      <h2 id="held-by-notebook">{text.heldByNotebook}</h2>
      <ul className="map-stack-list">
        {held.map((one) => (
          <li key={`${one.stack} ${one.id}`}>
            <strong>
              <bdi>{one.name}</bdi>
            </strong>{" "}
            <span className="facts">
              {one.stack} · <bdi>{placeText(one.failure)}</bdi>
            </span>
            <p className="map-note is-held">
              <bdi>{whyText(one.failure)}</bdi>
            </p>
            <p className="facts">{overrideHint(one)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
