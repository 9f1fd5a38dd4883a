import { ChevronRightIcon } from "@primer/octicons-react";
import { useState } from "react";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { type DeployedDifference as Difference, deployedDifferenceSchema } from "../../../api/articles.ts";
import { Failure } from "../../shell/failure.tsx";
import { sentence } from "../../shell/problem-list.tsx";
import { useData } from "../../shell/use-data.ts";
import { Loading } from "../../shell/whole-page.tsx";
import { strings } from "../../strings.ts";
import { SealedFrame } from "./sealed-frame.tsx";

const text = strings.deployedDifference;

interface Compared {
  /** The article's path below `api/`. */
  readonly path: string;
  readonly stack: string;
}

/** What differs between what a stack has and the catalog; it is looked up when it is opened. */
export function DeployedDifference(compared: Compared) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Disclosure className="card disclosure" isExpanded={isOpen} onExpandedChange={setOpen}>
      <Heading level={3}>
        <Button slot="trigger" className="row trigger">
          <ChevronRightIcon className="turn" aria-hidden />
          <span>{text.title(compared.stack)}</span>
        </Button>
      </Heading>
      <DisclosurePanel>{isOpen ? <LoadedDifference {...compared} /> : null}</DisclosurePanel>
    </Disclosure>
  );
}

function LoadedDifference({ path, stack }: Compared) {
  const address = `${path}/deployed/${encodeURIComponent(stack)}`;
  const [loaded, reload] = useData(address, deployedDifferenceSchema);
  if (loaded.state === "loading") return <Loading />;
  if (loaded.state === "failed") return <Failure problems={loaded.problems} again={reload} />;
  const { unknown, lessons } = loaded.data;
  if (unknown !== undefined) return <p className="difference-note">{sentence(text.unknown(unknown))}</p>;
  const hasCells = lessons.some(({ cells }) => cells !== undefined);
  return (
    <>
      <Changes {...loaded.data} stack={stack} />
      {hasCells ? <SealedFrame title={text.cellsOf(stack)} source={`api/${address}/page`} /> : null}
    </>
  );
}

function Changes({ commit = "", lessons, others, stack }: Difference & { readonly stack: string }) {
  return (
    <>
      <p className="difference-note">
        {text.commit(stack)} <code title={commit}>{commit.slice(0, 10)}</code>.
      </p>
      {lessons.length + others.length === 0 ? <p>{text.nothing}</p> : null}
      <ul className="differences">
        {lessons.map(({ label, change, cells }) => (
          <li key={label}>
            <strong>{label}</strong>: {cells === undefined ? text.changes[change] : text.cells(cells)}
          </li>
        ))}
        {others.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </>
  );
}
