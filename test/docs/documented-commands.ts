import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const REPOSITORY = join(import.meta.dirname, "../..");

/** The pages that people read: here, and in a repository that is made from the template. */
export const PAGES: readonly string[] = globSync(["*.md", "{docs,catalog,templates,.github}/**/*.md"], {
  cwd: REPOSITORY,
})
  .filter((page) => !/^(CHANGELOG|docs\/adr\/)/.test(page))
  .sort();

/** A command that a page tells people to type. */
export interface Documented {
  readonly page: string;
  /** The first line is 1. */
  readonly line: number;
  /** As it is written, without the comment behind it; lines that are continued are one. */
  readonly text: string;
  /** Whether it is a line of a block, which is typed as it is, or in a sentence, where it may be shortened. */
  readonly block: boolean;
}

/** @returns what a page tells people to type: the lines of its blocks of shell, and commands in its sentences */
export function documentedCommands(page: string): Documented[] {
  const lines = readFileSync(join(REPOSITORY, page), "utf8").split("\n");
  const found: Documented[] = [];
  let fence: string | undefined;
  let begun: { line: number; text: string } | undefined;
  for (const [index, line] of lines.entries()) {
    const mark = /^\s*```(\w*)/.exec(line);
    if (mark) fence = fence === undefined ? (mark[1] ?? "") : undefined;
    else if (fence === "sh") {
      begun = { line: begun?.line ?? index + 1, text: `${begun?.text ?? ""}${line.trim()}\n` };
      const text = withoutComment(begun.text.replaceAll("\\\n", "").trim());
      if (/\\$/.test(line) || hasOpenQuote(text)) continue;
      if (text !== "") found.push({ page, line: begun.line, text, block: true });
      begun = undefined;
    } else if (fence === undefined) {
      for (const [, text = ""] of line.matchAll(INLINE))
        found.push({ page, line: index + 1, text, block: false });
    }
  }
  return found;
}

/** What all pages tell people to type. */
export const allDocumented = (): Documented[] => PAGES.flatMap(documentedCommands);

/** Configuration's keys begin with `lectern:`, which is no command. */
const INLINE = /`((?:npx|npm|pulumi|lectern|helm|kubectl|git|docker) [^`]+)`/g;

function withoutComment(text: string): string {
  return text.replace(/(^|\s)#\s.*$/, "").trim();
}

function hasOpenQuote(text: string): boolean {
  return (text.match(/'/g)?.length ?? 0) % 2 === 1;
}

/** The words of the commands of a line, as a shell would split it: no redirections, no assignments before a command. */
export function simpleCommands(text: string): string[][] {
  const words = [...text.matchAll(/'[^']*'|"[^"]*"|&&|\||[^\s'"]+(?:'[^']*'|"[^"]*")?/g)].map(
    ([word]) => word,
  );
  const commands: string[][] = [[]];
  for (const word of words) {
    if (word === "&&" || word === "|") commands.push([]);
    else commands.at(-1)?.push(word.replace(/^(['"])(.*)\1$/s, "$2"));
  }
  return commands.map(withoutShell).filter((command) => command.length > 0);
}

function withoutShell(command: readonly string[]): string[] {
  // `<cluster>` is a name that the reader replaces.
  const redirection = command.findIndex((word) => /^[<>]/.test(word) && !/^<\w+>/.test(word));
  const words = redirection < 0 ? command : command.slice(0, redirection);
  return words.slice(words.findIndex((word) => !/^\w+=/.test(word)));
}

/** @returns the arguments of Lectern's command line, or undefined for another program */
export function lecternArguments(words: readonly string[]): string[] | undefined {
  const line = words.join("\0");
  const found = /^(?:npx\0|npm\0run\0(?:-s\0)?)?(lectern|sandbox)(?:\0--)?(?:\0(.*))?$/s.exec(line);
  if (!found || (found[1] === "sandbox" && !line.startsWith("npm"))) return undefined;
  const rest = found[2] === undefined ? [] : found[2].split("\0");
  return found[1] === "sandbox" ? ["sandbox", ...rest] : rest;
}
