import { type DeployedMap, THING_KINDS } from "./map-file.ts";
import { type MapRow, nameOf } from "./rows.ts";

type Kind = (typeof THING_KINDS)[number];

/** A thing, and where it is: by environment what each of its stacks has. */
export interface MatrixLine {
  readonly id: string;
  readonly name: string;
  readonly title: string | undefined;
  readonly cells: ReadonlyMap<string, readonly MapRow[]>;
}

/** Everything that is somewhere, one line each, by kind. */
export interface Matrix {
  /** In the order in which a change goes through them. */
  readonly environments: readonly string[];
  readonly kinds: readonly { readonly kind: Kind; readonly lines: readonly MatrixLine[] }[];
}

/** Puts rows beside each other that are about the same thing. A kind or an environment without rows is left out. */
export function matrixOf(rows: readonly MapRow[]): Matrix {
  const lines = new Map<string, { thing: MapRow["thing"]; cells: Map<string, MapRow[]> }>();
  for (const row of rows) {
    const { thing, environment } = row;
    const line = lines.get(thing.id) ?? { thing, cells: new Map() };
    lines.set(thing.id, line);
    const cell = line.cells.get(environment);
    if (cell) cell.push(row);
    else line.cells.set(environment, [row]);
  }
  const kinds = THING_KINDS.map((kind) => ({
    kind,
    lines: [...lines.values()]
      .filter(({ thing }) => thing.kind === kind)
      .map(({ thing, cells }) => ({ id: thing.id, name: nameOf(thing), title: titleOf(cells), cells }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  }));
  return {
    environments: environmentsOf(rows.map(({ environment }) => environment)),
    kinds: kinds.filter((one) => one.lines.length > 0),
  };
}

function titleOf(cells: ReadonlyMap<string, readonly MapRow[]>): string | undefined {
  return [...cells.values()].flat().find(({ thing }) => thing.title !== undefined)?.thing.title;
}

const ORDER = ["sandbox", "staging", "prod"];

/** Each environment once, in the order in which a change goes through them; unknown ones come first, by name. */
function environmentsOf(names: readonly string[]): string[] {
  const rank = (name: string) => ORDER.indexOf(name);
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** The same of the stacks of a map. */
export const stacksInOrder = ({ stacks }: DeployedMap): DeployedMap["stacks"] => {
  const order = environmentsOf(stacks.map(({ environment }) => environment));
  return [...stacks].sort(
    (a, b) => order.indexOf(a.environment) - order.indexOf(b.environment) || (a.stack < b.stack ? -1 : 1),
  );
};
