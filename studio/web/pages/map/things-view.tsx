import { type CSSProperties, type ReactNode, useDeferredValue, useMemo } from "react";
import { ToggleButton } from "react-aria-components";
import type { DeployedMap } from "../../../../plan/map/map-file.ts";
import { type Matrix, type MatrixLine, matrixOf } from "../../../../plan/map/matrix.ts";
import { countStates, filterRows, type MapRow, rowsOf, STATES } from "../../../../plan/map/rows.ts";
import { KIND_WORDS, STATE_WORDS } from "../../../../plan/map/words.ts";
import { strings } from "../../strings.ts";
import { type Choice, FilterBar, useFilter } from "./filter-bar.tsx";
import { ThingCell } from "./thing-cell.tsx";
import { useWindowList } from "./use-window-list.ts";

const text = strings.map;

/** Everything that is deployed somewhere, one line each, with a column for each environment. */
export function ThingsView({ map, stacks }: { readonly map: DeployedMap; readonly stacks: ReactNode }) {
  const [filter] = useFilter();
  const rows = useMemo(() => rowsOf(map), [map]);
  const asked = useDeferredValue(filter);
  const { stack, kind, state, text: words } = asked;
  const matrix = useMemo(
    () => matrixOf(filterRows(rows, { stack, kind, state, text: words })),
    [rows, stack, kind, state, words],
  );
  const count = matrix.kinds.reduce((sum, { lines }) => sum + lines.length, 0);
  const choices = useMemo(() => choicesOf(rows), [rows]);
  return (
    <>
      <StateCounts rows={rows} />
      {stacks}
      <FilterBar choices={choices} found={text.found(count)} />
      {count === 0 ? <p className="empty">{text.nothing}</p> : <ThingTable matrix={matrix} />}
    </>
  );
}

function choicesOf(rows: readonly MapRow[]): Choice[] {
  const stacks = [...new Set(rows.map(({ stack }) => stack))].sort();
  const kinds = new Set(rows.map(({ thing }) => thing.kind));
  return [
    {
      ...{ key: "kind", label: text.kind },
      options: Object.entries(KIND_WORDS).flatMap(([value, { many }]) =>
        [...kinds].some((kind) => kind === value) ? [{ value, label: many }] : [],
      ),
    },
    { key: "stack", label: text.stack, options: stacks.map((value) => ({ value, label: value })) },
    {
      ...{ key: "state", label: text.state },
      options: STATES.map((value) => ({ value, label: STATE_WORDS[value] })),
    },
  ];
}

/** How much is in each state; each filters by it. */
function StateCounts({ rows }: { readonly rows: readonly MapRow[] }) {
  const [filter, ask] = useFilter();
  const counts = useMemo(() => countStates(rows), [rows]);
  return (
    <ul className="map-counts" aria-label={text.states}>
      {STATES.filter((state) => counts[state] > 0).map((state) => (
        <li key={state}>
          <ToggleButton
            className={`map-count is-${state}`}
            isSelected={filter.state === state}
            onChange={(selected) => ask("state", selected ? state : "")}
          >
            <strong>{counts[state]}</strong> {STATE_WORDS[state]}
          </ToggleButton>
        </li>
      ))}
    </ul>
  );
}

type Item =
  | { readonly heading: Matrix["kinds"][number]["kind"]; readonly count: number }
  | { readonly line: MatrixLine };

/** Only the lines near the window are in the document. */
function ThingTable({ matrix }: { readonly matrix: Matrix }) {
  const { environments, kinds } = matrix;
  const all = useMemo(
    () =>
      kinds.flatMap(({ kind, lines }): Item[] => [
        { heading: kind, count: lines.length },
        ...lines.map((line) => ({ line })),
      ]),
    [kinds],
  );
  const { list, items } = useWindowList<Item, HTMLTableSectionElement>(all, keyOf, 96);
  const columns = { "--columns": environments.length } as CSSProperties;
  return (
    <table aria-label={text.things} aria-rowcount={all.length + 1} className="map-table" style={columns}>
      <thead>
        <tr aria-rowindex={1} className="map-row">
          <th scope="col">{text.name}</th>
          {environments.map((one) => (
            <th key={one} scope="col">
              {one}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="window-list" {...list}>
        {items.map(({ item, index, key, place }) => (
          <tr
            key={key}
            {...place}
            aria-rowindex={index + 2}
            className={"line" in item ? "map-row" : "map-kind"}
          >
            {"line" in item ? (
              <LineCells line={item.line} environments={environments} />
            ) : (
              <th scope="rowgroup" colSpan={environments.length + 1}>
                {KIND_WORDS[item.heading].many} <span className="facts">{item.count}</span>
              </th>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const keyOf = (item: Item) => ("line" in item ? item.line.id : `kind ${item.heading}`);

function LineCells({
  line,
  environments,
}: {
  readonly line: MatrixLine;
  readonly environments: readonly string[];
}) {
  const { title, name, cells } = line;
  return (
    <>
      <th scope="row" className="map-name">
        <bdi className="map-title">{title ?? name}</bdi>
        {title === undefined ? null : <bdi className="facts">{name}</bdi>}
      </th>
      {environments.map((environment) => (
        <td key={environment} data-label={environment}>
          {(cells.get(environment) ?? []).map((row) => (
            <ThingCell key={row.stack} row={row} />
          ))}
          {cells.has(environment) ? null : <span className="facts">{text.notThere}</span>}
        </td>
      ))}
    </>
  );
}
