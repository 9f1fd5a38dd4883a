import { equal, type Json } from "../../../../api/json.ts";
import { type Row, rowsOf } from "./rows.ts";

/** The rows of each version of a file. */
export class RowsByValue {
  readonly #known = new WeakMap<object, readonly Row[]>();
  #last: { readonly value: Json | undefined; readonly rows: readonly Row[] } = { value: null, rows: [] };

  of(value: Json | undefined): readonly Row[] {
    if (typeof value !== "object" || value === null) return NONE;
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    // What was taken back is the file's own value again, in another object.
    const { value: before, rows } = this.#last;
    const made = equal(before, value) ? rows : rowsOf(value, rows);
    this.set(value, made);
    return made;
  }

  set(value: Json, rows: readonly Row[]): void {
    if (typeof value === "object" && value !== null) this.#known.set(value, rows);
    this.#last = { value, rows };
  }
}

const NONE: readonly Row[] = [];
