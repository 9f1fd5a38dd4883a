import { ChevronRightIcon } from "@primer/octicons-react";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { whatIsFound } from "../../../../plan/map/found-text.ts";
import type { DeployedMap, MapStack } from "../../../../plan/map/map-file.ts";
import { stacksInOrder } from "../../../../plan/map/matrix.ts";
import { otherDifferences } from "../../../../plan/map/rows.ts";
import { strings } from "../../strings.ts";
import { When } from "./parts.tsx";

const text = strings.map;

/** When each stack was deployed and looked at, and what is wrong with it. Open where something is. */
export function StackList({ map }: { readonly map: DeployedMap }) {
  const stacks = stacksInOrder(map).map((stack) => ({ stack, wrong: wrongWith(stack) }));
  const concerned = stacks.filter(({ wrong }) => wrong.length > 0).length;
  return (
    <Disclosure className="card disclosure map-stacks" defaultExpanded={concerned > 0 || stacks.length <= 3}>
      <Heading level={2}>
        <Button slot="trigger" className="row trigger">
          <ChevronRightIcon className="turn" aria-hidden />
          <span>{text.stacks}</span>
          <span className={`state ${concerned > 0 ? "bad" : ""}`}>
            {text.stackSummary(stacks.length, concerned)}
          </span>
        </Button>
      </Heading>
      <DisclosurePanel>
        <ul className="map-stack-list">
          {stacks.map(({ stack, wrong }) => (
            <li key={stack.stack}>
              <strong>{stack.stack}</strong> <StackFacts stack={stack} />
              {wrong.map((one) => (
                <p key={one} className="map-note is-drifted">
                  {one}
                </p>
              ))}
            </li>
          ))}
        </ul>
      </DisclosurePanel>
    </Disclosure>
  );
}

function StackFacts({ stack: { outputs, drift } }: { readonly stack: MapStack }) {
  const isOlder = drift && outputs?.deployed !== undefined && drift.at < outputs.deployed;
  return (
    <span className="facts">
      {text.deployed} {outputs?.deployed === undefined ? text.unknown : <When at={outputs.deployed} />} ·{" "}
      {outputs === undefined ? null : (
        <>
          {text.read} <When at={outputs.read} /> ·{" "}
        </>
      )}
      {drift === undefined ? (
        text.notLookedFor
      ) : (
        <>
          {text.drift[drift.state]} <When at={drift.at} />
          {isOlder ? text.beforeDeployment : null}
        </>
      )}
    </span>
  );
}

function wrongWith(stack: MapStack): string[] {
  const { outputs, failure, drift } = stack;
  return [
    ...(failure && failure.at > (outputs?.read ?? "") ? [text.unread(failure.message)] : []),
    ...(outputs?.problems ?? []),
    ...(drift?.state === "failed" ? [text.notLookedAt(drift.errors.join(" "))] : []),
    ...otherDifferences(stack).map((one) => `${one.thing}: ${whatIsFound(one)}`),
  ];
}
