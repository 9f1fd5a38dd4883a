import type { Copy, JSONInstruction } from "dockerfile-ast";
import type { Step } from "./dockerfile-stages.ts";

/** What follows an instruction and its flags, as words. */
export interface Words {
  readonly words: readonly string[];
  /** A JSON list, whose words may have blanks. */
  readonly isList: boolean;
}

/**
 * The words of COPY, ADD, CMD or ENTRYPOINT, in either form. As in Docker, blanks end a word
 * whatever quotes are around them: only in a list can a name have some.
 */
export function wordsOf(instruction: JSONInstruction): Words {
  const text = (instruction.getArgumentsContent() ?? "").trim();
  const list = text.startsWith("[") ? parsedJson(text) : undefined;
  if (Array.isArray(list)) return { words: list.map(String), isList: true };
  // Lines of a here-document follow the instruction's own.
  const isHeredoc = (instruction as Copy).getHeredocs?.().length > 0;
  const own = isHeredoc ? (text.split("\n", 1)[0] ?? "") : text;
  return { words: own.split(/\s+/).filter((word) => word !== ""), isList: false };
}

/** A word without the quotes around it or its parts; undefined where a quote or an escape has no end. */
export function unquoted(word: string): string | undefined {
  const bare = word.replaceAll(/"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_, double, single) => double ?? single);
  const rest = word.replaceAll(/"(?:\\.|[^"\\])*"|'[^']*'|\\./g, "");
  return /["'\\]/.test(rest) ? undefined : bare;
}

/** The values of an instruction's flags of that name: `--from=base`. */
export function flagsOf({ instruction }: Step, name: string): string[] {
  return (instruction as JSONInstruction)
    .getFlags()
    .filter((flag) => flag.getName() === name)
    .map((flag) => unquoted(flag.getValue() ?? "") ?? "");
}

/** The options of a `RUN --mount`, by key; aliases are under the name that Docker's manual prefers. */
export type Mount = Readonly<Partial<Record<"type" | "source" | "from", string>>>;

/** The mounts of a RUN. */
export function mountsOf(step: Step): Mount[] {
  return flagsOf(step, "mount").map((flag) => {
    const pairs = flag.split(",").map((part): [string, string] => {
      const [key = "", ...value] = part.split("=");
      return [key === "src" ? "source" : key.toLowerCase(), value.join("=")];
    });
    return { type: "bind", ...Object.fromEntries(pairs) };
  });
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text.replaceAll(/\\\r?\n/g, ""));
  } catch {
    return undefined;
  }
}
