import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { commandLine } from "../../cli/commands.ts";
import {
  allDocumented,
  type Documented,
  lecternArguments,
  PAGES,
  simpleCommands,
} from "../docs/documented-commands.ts";

const REPOSITORY = join(import.meta.dirname, "../..");
const DOCUMENTED = allDocumented();
/** With the words of each command of a line: of Lectern, and of other programs. */
const CALLS = DOCUMENTED.flatMap((command) =>
  simpleCommands(command.text).map((words) => ({ ...command, words, args: lecternArguments(words) })),
);
const place = ({ page, line, text }: Documented) => `${page}:${line}: ${text}`;

it.each(PAGES)("a documented command with --json in %s prints JSON alone, without npm's banner", (page) => {
  const lines = readFileSync(join(REPOSITORY, page), "utf8").split("\n");
  const withBanner = lines.filter((line) => /npm run (?!-s\b)[^`#]*--json/.test(line));
  expect(withBanner).toEqual([]);
});

describe("what the pages tell people to type", () => {
  it("is found in blocks and in sentences", () => {
    expect(DOCUMENTED.filter(({ block }) => block).length).toBeGreaterThan(100);
    expect(DOCUMENTED.filter(({ block }) => !block).length).toBeGreaterThan(100);
  });

  it("is, in a block, a whole call of Lectern's command line", async () => {
    const wrong: string[] = [];
    for (const { args, ...command } of CALLS) {
      if (!args || !command.block) continue;
      const problem = await problemOf(args);
      if (problem !== undefined) wrong.push(`${place(command)}: ${problem}`);
    }
    expect(wrong).toEqual([]);
  });

  it("names, in a sentence, a command and options that Lectern's command line has", () => {
    const wrong = CALLS.filter(({ args, block }) => args && !block && !isKnown(args));
    expect(wrong.map(place)).toEqual([]);
  });

  it("runs scripts that package.json has, of this repository or of the template", () => {
    const scripts = new Set(
      ["package.json", "templates/institution/package.json"].flatMap((file) =>
        Object.keys(JSON.parse(readFileSync(join(REPOSITORY, file), "utf8")).scripts),
      ),
    );
    const unknown = CALLS.filter(({ words }) => {
      const name = words.slice(2).find((word) => !word.startsWith("-"));
      return words[0] === "npm" && words[1] === "run" && name !== undefined && !scripts.has(name);
    });
    expect(unknown.map(place)).toEqual([]);
  });
});

/** @returns why the command line refuses a call, or undefined */
async function problemOf(args: readonly string[]): Promise<string | undefined> {
  const errors: string[] = [];
  const called: string[] = [];
  const program = commandLine().configureOutput({ writeErr: (text) => void errors.push(text) });
  for (const command of commandsBelow(program)) command.action(() => void called.push(command.name()));
  try {
    // A variable of the workflow's; the only ones that are checked are numbers.
    await program.parseAsync(["node", "lectern", ...args.map((word) => word.replace(/^\$\w+$/, "12"))]);
    return called.length > 0 ? undefined : "calls no command";
  } catch {
    return errors.join("").split("\n")[0] ?? "refused";
  }
}

function commandsBelow(parent: Command): Command[] {
  return parent.commands.flatMap((command) => [
    ...(command.commands.length === 0 ? [command] : []),
    ...commandsBelow(command),
  ]);
}

/** Whether the names of commands and options in a call exist, whatever is left out. */
function isKnown(args: readonly string[]): boolean {
  let command: Command = commandLine();
  for (const word of args) {
    const next = command.commands.find((candidate) => candidate.name() === word);
    if (next) command = next;
    else if (command.commands.length > 0 && /^[a-z]/.test(word)) return false;
  }
  const known = ["--help", "--version", ...command.options.flatMap(({ long, short }) => [long, short])];
  return args.every((word) => !word.startsWith("-") || word === "--" || known.includes(word.split("=")[0]));
}
