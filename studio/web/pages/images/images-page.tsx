import "../profiles/profiles.css";
import "./images.css";
import { useState } from "react";
import { Button } from "react-aria-components";
import { clustersSchema } from "../../../api/clusters.ts";
import type { Json } from "../../../api/json.ts";
import { type DraftFile, useDraft } from "../../draft/use-draft.ts";
import { Failure } from "../../shell/failure.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { useData } from "../../shell/use-data.ts";
import { Loading, WholePage } from "../../shell/whole-page.tsx";
import { strings } from "../../strings.ts";
import { ClusterChoice } from "../profiles/cluster-choice.tsx";
import { useCheck } from "../profiles/use-check.ts";
import { entriesOf, usersOf, withEntry, withoutEntry } from "./entries.ts";
import { EntryCard } from "./entry-card.tsx";
import { NewEntry } from "./new-entry.tsx";
import { useSelected } from "./use-selected.ts";

const text = strings.images;

/** The images of a cluster, which the address names: `images/campus`. */
export default function ImagesPage({ rest }: PageProps) {
  const [loaded, reload] = useData("clusters", clustersSchema);
  return (
    <WholePage title={text.title} lead={text.lead} loaded={loaded} reload={reload}>
      {({ clusters }) => {
        const some = clusters.map(({ name }) => name);
        const first = clusters.find(({ hasImages }) => hasImages) ?? clusters[0];
        const chosen = some.includes(rest) ? rest : first?.name;
        if (chosen === undefined) return <p className="empty">{text.none}</p>;
        return (
          <>
            {some.length > 1 ? <ClusterChoice page="images" names={some} chosen={chosen} /> : null}
            <Entries key={chosen} cluster={chosen} />
          </>
        );
      }}
    </WholePage>
  );
}

function Entries({ cluster }: { readonly cluster: string }) {
  const path = `clusters/${cluster}/images.yaml`;
  const draft = useDraft(path);
  const profiles = useDraft(`clusters/${cluster}/profiles.yaml`);
  if (draft.loaded.state === "failed") {
    return <Failure problems={draft.loaded.problems} again={draft.reload} />;
  }
  if (draft.loaded.state === "loading") return <Loading />;
  const file = draft.loaded.data.value;
  return <EntryList cluster={cluster} path={path} draft={draft} file={file} profiles={profiles} />;
}

function EntryList(props: {
  readonly cluster: string;
  readonly path: string;
  readonly draft: DraftFile;
  readonly file: unknown;
  readonly profiles: DraftFile;
}) {
  const { cluster, path, draft, file, profiles } = props;
  const [removed, setRemoved] = useState<Removed>();
  const selected = useSelected(cluster, draft);
  const problems = useCheck([draft]).filter((problem) => problem.file === path);
  const entries = entriesOf(draft.value);
  const change = (value: Json) => {
    setRemoved(undefined);
    draft.change(value);
  };
  const remove = (key: string) => {
    draft.change(withoutEntry(draft.latest(), key, file));
    setRemoved({ key, entry: entries[key] ?? null });
  };
  return (
    <>
      <ul className="cards">
        {Object.keys(entries).map((key) => (
          <li key={key} className="card">
            <EntryCard
              cluster={cluster}
              name={key}
              entry={entriesOf(entries[key])}
              filed={entriesOf(entriesOf(file)[key])}
              selected={selected?.find((one) => one.key === key)}
              problems={problems.filter(({ path: at = "" }) => at === key || at.startsWith(`${key}.`))}
              users={profiles.loaded.state === "ready" ? usersOf(key, profiles.value) : undefined}
              change={(make) => {
                const before = entriesOf(draft.latest());
                change({ ...before, [key]: make(entriesOf(before[key])) });
              }}
              remove={() => remove(key)}
            />
          </li>
        ))}
      </ul>
      {Object.keys(entries).length === 0 ? <p className="empty">{text.noEntry}</p> : null}
      <div role="status" className="undo">
        {removed === undefined ? null : (
          <>
            <span>{strings.profiles.removed(removed.key)}</span>
            <Button
              className="button"
              onPress={() => change({ ...entriesOf(draft.latest()), [removed.key]: removed.entry })}
            >
              {strings.profiles.undo}
            </Button>
          </>
        )}
      </div>
      <NewEntry
        entries={entries}
        add={(key, repository) => change(withEntry(draft.latest(), key, repository))}
      />
    </>
  );
}

/** An entry that was deleted, until something else changes. */
interface Removed {
  readonly key: string;
  readonly entry: Json;
}
