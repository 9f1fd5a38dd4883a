import type { Command } from "commander";
import { commandsOf, exitCodes, OUTCOMES } from "../outcomes.ts";

/** The page that describes every command: arguments, options, exit codes and the `--json` document. */
export function commandReference(program: Command): string {
  return [
    "# The command line",
    "Run a command with `npx lectern <command>`, or `npm run -s lectern -- <command>` for the Node that `npm ci`",
    "installs. Paths are relative to the folder that you call it from. Results go to standard output; with `--json`",
    "they are one JSON document. `lectern sandbox` has [its own page](sandbox.md). This page is generated from the",
    "commands (`npx lectern reference`).",
    "",
    ...commandsOf(program).map(([name, command]) => section(name, command)),
  ].join("\n");
}

function section(name: string, command: Command): string {
  const outcome = OUTCOMES[name];
  const parameters = [
    ...command.registeredArguments.map((argument) => {
      const term = argument.variadic ? `${argument.name()}...` : argument.name();
      return `- \`<${term}>\`: ${argument.description}.`;
    }),
    ...command.options.map(({ flags, description, mandatory }) => {
      return `- \`${flags}\`: ${description}.${mandatory ? " Required." : ""}`;
    }),
  ];
  const codes = outcome ? exitCodes(outcome).map(([code, meaning]) => `| ${code} | ${meaning} |`) : [];
  return [
    `## lectern ${name}`,
    sentence(command.description()),
    "",
    "```sh",
    ...(outcome?.examples ?? []).map((example) => `npx lectern ${example}`),
    "```",
    "",
    ...(parameters.length === 0 ? [] : [...parameters, ""]),
    ...(outcome?.json === undefined ? [] : [`With \`--json\`: ${outcome.json}.`, ""]),
    "| exit code | meaning |",
    "| --- | --- |",
    ...codes,
    "",
  ].join("\n");
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
