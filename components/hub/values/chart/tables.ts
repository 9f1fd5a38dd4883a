import { isObject, type JsonObject } from "../../../json.ts";

/**
 * A map of values while it is coalesced, which is done in place as Helm does: what it shares between charts
 * afterwards is part of the result.
 */
export type Table = Map<string, unknown>;

export const isTable = (value: unknown): value is Table => value instanceof Map;

/** A copy that nothing else shares; lists are never changed. */
export function tableOf(values: JsonObject): Table {
  const table: Table = new Map();
  for (const key of Object.keys(values)) {
    const value = values[key];
    table.set(key, isObject(value) ? tableOf(value) : value);
  }
  return table;
}

export function copyOf(table: Table): Table {
  return new Map([...table].map(([key, value]) => [key, isTable(value) ? copyOf(value) : value]));
}

export function valuesOf(table: Table): JsonObject {
  return Object.fromEntries(
    [...table].map(([key, value]) => [key, isTable(value) ? valuesOf(value) : value]),
  );
}

/**
 * Adds what a table lacks.
 * @param keepNull whether a null in the upper table stays there, instead of taking away what is below it
 */
export function mergeUnder(over: Table, under: Table, keepNull: boolean): void {
  for (const [key, below] of [...under]) {
    const above = over.get(key);
    if (!over.has(key)) over.set(key, below);
    else if (above === null && !keepNull && below !== null) over.delete(key);
    else if (isTable(above) && isTable(below)) mergeUnder(above, below, keepNull);
  }
}

/** Takes away every null, at any depth. */
export function withoutNulls(table: Table): Table {
  for (const [key, value] of [...table]) {
    if (value === null) table.delete(key);
    else if (isTable(value)) withoutNulls(value);
  }
  return table;
}

/** What is at a path of tables; undefined where there is nothing. */
export function at(table: Table, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isTable(value) ? value.get(key) : undefined), table);
}
