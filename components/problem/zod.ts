import type { z } from "zod";
import { didYouMean } from "./nearest.ts";
import type { Problem } from "./problem.ts";

/**
 * Where a field is in its file, if that is known; both 1-based. An unknown key is shown at the key, what is
 * wrong with a value at the value.
 */
export type Locate = (
  path: readonly PropertyKey[],
  part?: "value" | "key",
) => { line?: number; column?: number } | undefined;

export interface ZodContext {
  readonly file?: string;
  readonly locate?: Locate;
  /** The keys known at a path, to name what an unknown one may have meant. */
  readonly known?: (path: readonly PropertyKey[]) => Iterable<string>;
  /** How a path is written. @default {@link jsonPath} */
  readonly path?: (path: readonly PropertyKey[]) => string;
}

/** Every problem that a zod schema found, in the project's shape; one for each unknown key. */
export function zodProblems(error: z.ZodError, context: ZodContext): Problem[] {
  return error.issues
    .flatMap(leaves)
    .flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => unknownKey(issue.path, key, context))
        : [problem(issue.path, issueCode(issue), message(issue), remedy(issue), context)],
    );
}

/** The issues that an issue consists of: those of a record's key, or of the branch of a union that was meant. */
function leaves(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  const inner = innerIssues(issue);
  if (inner.length === 0) return [issue];
  return inner.map((one) => ({ ...one, path: [...issue.path, ...one.path] })).flatMap(leaves);
}

function innerIssues(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code === "invalid_key") return issue.issues;
  // A message other than zod's own is one that the schema's author wrote for the whole union.
  if (issue.code !== "invalid_union" || issue.message !== "Invalid input") return [];
  const [meant = [], ...others] = issue.errors.filter((branch) => !branch.some(isOfAnotherType));
  return others.length === 0 ? meant : [];
}

/** Whether a branch refuses the value as a whole, rather than something in it. */
const isOfAnotherType = ({ code, path }: z.core.$ZodIssue) =>
  path.length === 0 && (code === "invalid_type" || code === "invalid_value");

/** `content[1].kernelId`, as JavaScript would write it. */
export function jsonPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    const name = String(part);
    if (!/^[\w$-]+$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === "" ? name : `${text}.${name}`;
  }, "");
}

function unknownKey(path: readonly PropertyKey[], key: string, context: ZodContext): Problem {
  const known = [...(context.known?.(path) ?? [])];
  const fallback = known.length > 0 ? `Remove it, or use one of ${known.join(", ")}` : "Remove it";
  return problem(
    [...path, key],
    "unknown-key",
    `unknown key ${JSON.stringify(key)}`,
    didYouMean(key, known, fallback),
    context,
  );
}

function problem(
  path: readonly PropertyKey[],
  code: string,
  message: string,
  remedyText: string,
  context: ZodContext,
): Problem {
  const write = context.path ?? jsonPath;
  return {
    code,
    severity: "error",
    message,
    remedy: remedyText,
    ...(context.file === undefined ? {} : { file: context.file }),
    ...(path.length === 0 ? {} : { path: write(path) }),
    ...context.locate?.(path, code === "unknown-key" ? "key" : "value"),
  };
}

function issueCode(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_type") return "invalid-value";
  return isMissing(issue) ? "missing-field" : "wrong-type";
}

const isMissing = (issue: z.core.$ZodIssue) =>
  issue.code === "invalid_type" && issue.message.endsWith(" received undefined");

function message(issue: z.core.$ZodIssue): string {
  if (isMissing(issue)) return "required";
  // Zod's own message of a union tells nothing of its branches.
  if (issue.code === "invalid_union" && issue.message === "Invalid input") return unionMessage(issue.errors);
  if (issue.code === "too_small" && issue.message.startsWith("Too small")) return tooSmall(issue);
  const plain = issue.message.replace(/^Invalid input: /, "");
  return lowerFirst(plain.replaceAll(ZOD_NOUNS, (noun) => NOUNS[noun] ?? noun));
}

/** What zod calls the kinds of values, and what people who write YAML and JSON call them. */
const NOUNS: Readonly<Record<string, string>> = {
  record: "map",
  object: "map",
  array: "list",
  int: "integer",
};
const ZOD_NOUNS = /(?<=(?:expected|received) )(?:record|object|array|int)\b/g;
const nounOf = (type: string) => NOUNS[type] ?? type;

/** What a value consists of, where it has a size. */
const PARTS: Readonly<Record<string, string>> = { string: "character", array: "item", set: "item" };

function tooSmall({ origin, minimum }: z.core.$ZodIssueTooSmall): string {
  const part = PARTS[origin];
  if (part === undefined) return `must be at least ${minimum}`;
  return minimum === 1 ? "must not be empty" : `must have at least ${minimum} ${part}s`;
}

function unionMessage(branches: readonly z.core.$ZodIssue[][]): string {
  const types = branches.flatMap((issues) =>
    issues.flatMap((one) =>
      one.code === "invalid_type" && one.path.length === 0 ? [nounOf(one.expected)] : [],
    ),
  );
  return types.length === 0 ? "invalid input" : `expected ${[...new Set(types)].join(" or ")}`;
}

function remedy(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type")
    return `${isMissing(issue) ? "Add" : "Write"} it as ${article(nounOf(issue.expected))}`;
  if (issue.code === "invalid_value")
    return `Use one of ${issue.values.map((v) => JSON.stringify(v)).join(", ")}`;
  return "Correct the value";
}

const article = (noun: string) => `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
