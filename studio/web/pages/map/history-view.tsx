import { useDeferredValue, useMemo } from "react";
import { deploymentsOf, filterDeployments, type StackDeployment } from "../../../../plan/map/deployments.ts";
import type { DeployedMap, MapChange } from "../../../../plan/map/map-file.ts";
import { deploymentText, fromToText } from "../../../../plan/map/words.ts";
import { strings } from "../../strings.ts";
import { type Choice, FilterBar, useFilter } from "./filter-bar.tsx";
import { Open, When } from "./parts.tsx";
import { useWindowList } from "./use-window-list.ts";

const text = strings.map;

/** The deployments of all stacks, newest first. */
export function HistoryView({ map }: { readonly map: DeployedMap }) {
  const [filter] = useFilter();
  const asked = useDeferredValue(filter);
  const all = useMemo(() => deploymentsOf(map), [map]);
  const shown = useMemo(
    () => filterDeployments(all, { stack: asked.stack, text: asked.text }),
    [all, asked.stack, asked.text],
  );
  const choices = useMemo(
    (): Choice[] => [
      {
        ...{ key: "stack", label: text.stack },
        options: map.stacks.map(({ stack }) => ({ value: stack, label: stack })),
      },
    ],
    [map],
  );
  const isCut = map.stacks.some(({ leftOutUpTo }) => leftOutUpTo !== undefined);
  return (
    <>
      <FilterBar choices={choices} found={text.deployments(shown.length)} />
      {isCut ? <p className="note">{text.leftOut}</p> : null}
      {shown.length === 0 ? (
        <p className="empty">{all.length === 0 ? text.noHistory : text.nothing}</p>
      ) : (
        <DeploymentList deployments={shown} />
      )}
    </>
  );
}

function DeploymentList({ deployments }: { readonly deployments: readonly StackDeployment[] }) {
  const { list, items } = useWindowList<StackDeployment, HTMLUListElement>(deployments, keyOf, 72);
  return (
    <ul className="window-list" aria-label={text.history} {...list}>
      {items.map(({ item, index, key, place }) => (
        <li key={key} {...place} aria-posinset={index + 1} aria-setsize={deployments.length}>
          <div className="map-deployment">
            <Deployment one={item} />
          </div>
        </li>
      ))}
    </ul>
  );
}

const keyOf = ({ stack, deployment }: StackDeployment) => `${stack} ${deployment.at} ${deployment.kind}`;

function Deployment({ one: { stack, deployment } }: { readonly one: StackDeployment }) {
  const { at, begun, kind, commit, changes, result } = deployment;
  return (
    <>
      <p className="row">
        <strong>{stack}</strong>
        <span className="facts">
          {kind === "changes" && begun !== undefined ? (
            <>
              <When at={begun} /> –{" "}
            </>
          ) : null}
          <When at={at} />
        </span>
        <span className={result === "failed" ? "state bad" : "state"}>{deploymentText(deployment)}</span>
        {commit === undefined ? null : <code title={commit}>{commit.slice(0, 10)}</code>}
      </p>
      {changes.length === 0 ? null : (
        <ul className="map-changes">
          {changes.map((change) => (
            <li key={change.id ?? change.label}>
              <Change change={change} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Change({ change }: { readonly change: MapChange }) {
  const { id, label, title, url } = change;
  const versions = fromToText(change);
  return (
    <>
      <bdi>{title ?? id ?? label}</bdi>{" "}
      {title === undefined ? null : <bdi className="facts">{id ?? label}</bdi>} {text.change[change.change]}
      {versions === "" ? null : <bdi className="facts"> {versions}</bdi>}{" "}
      <Open url={url} of={title ?? id ?? label} />
    </>
  );
}
