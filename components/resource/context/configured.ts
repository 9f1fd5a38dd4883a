import { z } from "zod";
import { LecternError } from "../../problem/problem.ts";
import { zodProblems } from "../../problem/zod.ts";

/** Keys of a stack's configuration below `lectern:`, each with its schema. */
export type ConfigSlice = Readonly<Record<string, z.ZodType>>;

/** The values of a slice. */
export type Configured<S extends ConfigSlice> = { readonly [K in keyof S]: z.output<S[K]> };

/** Reads slices of the configuration; each slice is parsed once. */
export function configReader(raw: (key: string) => string | undefined) {
  const read = new WeakMap<ConfigSlice, unknown>();
  return <S extends ConfigSlice>(slice: S): Configured<S> => {
    const known = read.get(slice);
    // What is kept for a slice was parsed by that very slice.
    if (known !== undefined) return known as Configured<S>;
    const values = parseSlice(slice, raw);
    read.set(slice, values);
    return values;
  };
}

function parseSlice<S extends ConfigSlice>(
  slice: S,
  raw: (key: string) => string | undefined,
): Configured<S> {
  const given = Object.entries(slice).flatMap(([key, schema]) => {
    const text = raw(key);
    return text === undefined ? [] : [[key, valueOrText(schema, text)] as const];
  });
  const parsed = z.object(slice).safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const path = ([key = "", ...rest]: readonly PropertyKey[]) =>
      [`lectern:${String(key)}`, ...rest.map(String)].join(".");
    throw new LecternError(zodProblems(parsed.error, { path }));
  }
  return parsed.data as Configured<S>;
}

/**
 * A value as its schema takes it: the engine keeps everything as text, and what is not a string in the schema
 * was written as JSON.
 * @throws {SyntaxError} where it is not
 */
export function configValue(schema: z.ZodType, text: string): unknown {
  const { type } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return type === "string" ? text : JSON.parse(text);
}

/** What is not JSON goes to the schema as it is, which then says what it expected. */
function valueOrText(schema: z.ZodType, text: string): unknown {
  try {
    return configValue(schema, text);
  } catch {
    return text;
  }
}
