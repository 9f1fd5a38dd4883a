import { z } from "zod";
import type { Problem } from "../../components/problem/problem.ts";
import { zodProblems } from "../../components/problem/zod.ts";
import { ENTRIES } from "./outputs-schema.ts";

/** The name of a stack's output. */
export type OutputName = keyof typeof ENTRIES;
type Entry<Name extends OutputName> = z.output<(typeof ENTRIES)[Name]>;

/** An output's entries by ID. One that is there and can't be parsed is there, as undefined. */
export type OutputEntries<Name extends OutputName> = ReadonlyMap<string, Entry<Name> | undefined>;

/**
 * One output of a stack, from whichever version wrote it.
 * @param own whether it is the stack that is being deployed
 * @returns its entries, and a problem with every place that can't be parsed
 */
export function parseOutput<Name extends OutputName>(
  stack: string,
  name: Name,
  value: unknown,
  own = false,
): { entries: OutputEntries<Name>; problems: readonly Problem[] } {
  const found = z
    .record(z.string(), z.unknown())
    .optional()
    .safeParse(value ?? undefined);
  if (!found.success) return { entries: new Map(), problems: [unreadable(stack, name, found.error, own)] };
  // TypeScript doesn't tell that the schema of a name is the schema of its entries.
  const schema = ENTRIES[name] as unknown as z.ZodType<Entry<Name>>;
  const problems: Problem[] = [];
  const entries = new Map<string, Entry<Name> | undefined>();
  for (const [id, raw] of Object.entries(found.data ?? {})) {
    if (raw === null || raw === undefined) continue;
    const entry = schema.safeParse(raw);
    entries.set(id, entry.data);
    if (!entry.success) problems.push(unreadable(stack, `${name}.${id}`, entry.error, own));
  }
  return { entries, problems };
}

function unreadable(stack: string, place: string, error: z.ZodError, own: boolean): Problem {
  const causes = zodProblems(error, {}).map(({ path, message }) => (path ? `${path}: ${message}` : message));
  // What another stack does not prove is not taken; what this one has deployed stays, whatever is known of it.
  const counts = own ? ", so only its existence is known" : " and counts as not proven";
  return {
    code: "unreadable-output",
    severity: "warning",
    message: `the output ${place} of the stack ${stack} can't be parsed${counts} (${causes.join("; ")})`,
    remedy: own
      ? `The next \`pulumi up --stack ${shortName(stack)}\` writes it again`
      : `Deploy it with this version of Lectern: \`pulumi up --stack ${shortName(stack)}\``,
  };
}

/** The name of a stack without its organization and project. */
export const shortName = (stack: string) => stack.split("/").at(-1) ?? stack;
