import { memo, useDeferredValue, useMemo, useState } from "react";
import { Button } from "react-aria-components";
import { type ApiCluster, clusterSchema } from "../../../api/clusters.ts";
import type { ApiProblem } from "../../../api/problem.ts";
import { mayWait } from "../../draft/drawn-later.ts";
import { useDraft } from "../../draft/use-draft.ts";
import { Failure } from "../../shell/failure.tsx";
import { ProblemList } from "../../shell/problem-list.tsx";
import { useData } from "../../shell/use-data.ts";
import { Loading } from "../../shell/whole-page.tsx";
import { strings } from "../../strings.ts";
import { type ProfileActions, ProfileEditor } from "./editor/profile-editor.tsx";
import { StudentsFormPane } from "./form/students-form-pane.tsx";
import { ProfileList } from "./list/profile-list.tsx";
import { byRow } from "./model/field-problems.ts";
import { added, changed, copied, nameOf, type Row, removed, withDefault } from "./model/rows.ts";
import { useChoice } from "./model/use-choice.ts";
import { type ChangeRows, useRows } from "./model/use-rows.ts";
import { useCheck } from "./use-check.ts";

const text = strings.profiles;

/** Everything about the profiles of one cluster: the list, the chosen one, and the form that users see. */
export function Workbench({ cluster }: { readonly cluster: string }) {
  const path = `clusters/${cluster}/profiles.yaml`;
  const draft = useDraft(path);
  const images = useDraft(`clusters/${cluster}/images.yaml`);
  const [about, reload] = useData(`clusters/${encodeURIComponent(cluster)}`, clusterSchema);
  // What is written is kept at once; what it changes of the page is drawn when no key waits.
  const later = useDeferredValue(draft);
  const shown = mayWait(draft.value) ? later : draft;
  const shownImages = useDeferredValue(images);
  const { loaded } = shown;
  if (loaded.state === "failed") return <Failure problems={loaded.problems} again={draft.reload} />;
  if (about.state === "failed") return <Failure problems={about.problems} again={reload} />;
  if (loaded.state === "loading" || about.state === "loading") return <Loading />;
  return <Bench cluster={about.data} path={path} draft={shown} images={shownImages} />;
}

type Draft = ReturnType<typeof useDraft>;

interface BenchProps {
  readonly cluster: ApiCluster;
  readonly path: string;
  readonly draft: Draft;
  readonly images: Draft;
}

const Bench = memo(function Bench({ cluster, path, draft, images }: BenchProps) {
  const [rows, changeRows] = useRows(draft);
  const choice = useChoice(rows[0]?.id);
  const [undo, setUndo] = useState<Undo>();
  const problems = useCheck([draft, images]);
  const found = useMemo(() => byRow(problems, path), [problems, path]);
  const edited = rows.findIndex(({ id }) => id === choice.edited);
  const row = rows[edited];
  const { choose } = choice;
  const actions = useMemo(() => actionsOn(changeRows, choose, setUndo), [changeRows, choose]);
  return (
    <div className="bench">
      <section className="bench-list" aria-label={text.list}>
        <ProfileList rows={rows} problems={found} choice={choice} reorder={actions.all} />
        <Button className="button" onPress={() => actions.insert((before) => added(before, text.newName))}>
          {text.add}
        </Button>
        <Undone undo={undo} restore={(before) => actions.insert(() => before)} />
        <FileProblems problems={[...(found.get(-1) ?? []), ...cluster.problems]} />
      </section>
      {row === undefined ? (
        <p className="empty">{rows.length === 0 ? text.empty : text.choose}</p>
      ) : (
        <ProfileEditor
          key={row.id}
          row={row}
          cluster={cluster}
          problems={found.get(edited) ?? NONE}
          actions={actions}
        />
      )}
      <StudentsFormPane cluster={cluster} profiles={draft} images={images} edited={edited} />
    </div>
  );
});

const NONE: readonly ApiProblem[] = [];

/** What is done with profiles; the same functions as long as the file is the same. */
function actionsOn(
  changeRows: ChangeRows,
  choose: (id: string | undefined) => void,
  setUndo: (undo: Undo | undefined) => void,
): ProfileActions & { readonly all: ChangeRows; readonly insert: ChangeRows } {
  const all: ChangeRows = (make) => {
    setUndo(undefined);
    changeRows(make);
  };
  const insert: ChangeRows = (make) =>
    all((before) => {
      const after = make(before);
      choose(after.find((row) => !before.some(({ id }) => id === row.id))?.id);
      return after;
    });
  return {
    all,
    insert,
    change: (id, make) => all((before) => changed(before, id, make)),
    copy: (id) => insert((before) => copied(before, id, text.copyOf)),
    makeDefault: (id) => all((before) => withDefault(before, id)),
    remove: (id) =>
      changeRows((before) => {
        const at = before.findIndex((row) => row.id === id);
        const row = before[at];
        if (row === undefined) return before;
        setUndo({ name: nameOf(row), before });
        choose((before[at + 1] ?? before[at - 1])?.id);
        return removed(before, id);
      }),
  };
}

/** A deletion that can be taken back until something else changes. */
interface Undo {
  readonly name: string;
  readonly before: readonly Row[];
}

function Undone({
  undo,
  restore,
}: {
  readonly undo: Undo | undefined;
  readonly restore: (rows: readonly Row[]) => void;
}) {
  return (
    <div role="status" className="undo">
      {undo === undefined ? null : (
        <>
          <span>{text.removed(undo.name || text.unnamed)}</span>
          <Button className="button" onPress={() => restore(undo.before)}>
            {text.undo}
          </Button>
        </>
      )}
    </div>
  );
}

function FileProblems({ problems }: { readonly problems: Parameters<typeof ProblemList>[0]["problems"] }) {
  return problems.length === 0 ? null : (
    <div className="card">
      <h2>{text.elsewhere}</h2>
      <ProblemList problems={problems} />
    </div>
  );
}
