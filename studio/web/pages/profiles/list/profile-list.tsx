import { GrabberIcon, XCircleIcon } from "@primer/octicons-react";
import { type CSSProperties, memo, useRef } from "react";
import {
  Button,
  DropIndicator,
  GridList,
  GridListItem,
  ListLayout,
  useDragAndDrop,
  Virtualizer,
} from "react-aria-components";
import { strings } from "../../../strings.ts";
import type { ProblemsByRow } from "../model/field-problems.ts";
import { defaultOf, moved, nameOf, type Row } from "../model/rows.ts";
import type { Choice } from "../model/use-choice.ts";
import type { ChangeRows } from "../model/use-rows.ts";

const text = strings.profiles;
const ROW = 52;

interface ProfileListProps {
  readonly rows: readonly Row[];
  readonly problems: ProblemsByRow;
  readonly choice: Choice;
  readonly reorder: ChangeRows;
}

/** What one line of the list shows. The same object as long as it shows the same, so that it is not drawn again. */
interface Line {
  readonly id: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly problems: number;
}

/** The profiles in the order in which users see them, moved by mouse, touch and keyboard. Only what is in sight is drawn. */
export function ProfileList({ rows, problems, choice, reorder }: ProfileListProps) {
  const { chosen, choose, browse } = choice;
  return <Lines lines={useLines(rows, problems)} {...{ chosen, choose, browse, reorder }} />;
}

interface LinesProps extends Omit<Choice, "edited"> {
  readonly lines: readonly Line[];
  readonly reorder: ChangeRows;
}

/** Drawn again only where a line shows something else, not with each change of a profile. */
const Lines = memo(function Lines({ lines, chosen, choose, browse, reorder }: LinesProps) {
  // A key that is held passes by many profiles; a click is on the one whose fields are wanted.
  const isClicked = useRef(false);
  const click = () => {
    isClicked.current = true;
  };
  const select = (id: string | undefined) => {
    (isClicked.current ? choose : browse)(id);
    isClicked.current = false;
  };
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) =>
      [...keys].map((key) => ({ "text/plain": lines.find(({ id }) => id === key)?.name ?? "" })),
    onReorder: ({ keys, target }) => {
      if (target.dropPosition === "on") return;
      const { key, dropPosition } = target;
      reorder((before) => moved(before, new Set([...keys].map(String)), String(key), dropPosition));
    },
    renderDropIndicator: (target) => <DropIndicator target={target} className="drop-place" />,
  });
  return (
    <Virtualizer layout={ListLayout} layoutOptions={{ rowSize: ROW }}>
      <GridList
        className="profile-list"
        style={{ "--lines": lines.length } as CSSProperties}
        aria-label={text.list}
        items={lines}
        selectionMode="single"
        selectionBehavior="replace"
        disallowEmptySelection
        selectedKeys={chosen === undefined ? [] : [chosen]}
        onPointerDownCapture={click}
        onClickCapture={click}
        onSelectionChange={(keys) => select(keys === "all" ? undefined : String([...keys][0] ?? ""))}
        dragAndDropHooks={dragAndDropHooks}
        renderEmptyState={() => text.empty}
      >
        {(line: Line) => <ProfileLine {...line} />}
      </GridList>
    </Virtualizer>
  );
});

function ProfileLine({ id, name, isDefault, problems }: Line) {
  const shown = name || text.unnamed;
  const spoken = [
    shown,
    ...(isDefault ? [text.isDefault] : []),
    ...(problems > 0 ? [text.problems(problems)] : []),
  ];
  return (
    <GridListItem id={id} textValue={spoken.join(", ")} className="profile-line">
      <Button slot="drag" className="handle" aria-label={text.drag(shown)}>
        <GrabberIcon />
      </Button>
      <span className="profile-name">{shown}</span>
      {isDefault ? <span className="badge">{text.isDefault}</span> : null}
      {problems > 0 ? (
        <span className="state bad">
          <XCircleIcon aria-hidden /> {text.problems(problems)}
        </span>
      ) : null}
    </GridListItem>
  );
}

/** The same list as long as it shows the same. */
function useLines(rows: readonly Row[], problems: ProblemsByRow): readonly Line[] {
  const known = useRef<readonly Line[]>([]);
  const byId = new Map(known.current.map((line) => [line.id, line]));
  const chosen = defaultOf(rows);
  const lines = rows.map((row, index): Line => {
    const problemCount = problems.get(index)?.length ?? 0;
    const line = { id: row.id, name: nameOf(row), isDefault: row === chosen, problems: problemCount };
    const before = byId.get(row.id);
    return before && isSame(before, line) ? before : line;
  });
  const isUnchanged =
    lines.length === known.current.length && lines.every((line, index) => line === known.current[index]);
  if (!isUnchanged) known.current = lines;
  return known.current;
}

const isSame = (one: Line, other: Line) =>
  one.name === other.name && one.isDefault === other.isDefault && one.problems === other.problems;
