import type { Command } from "commander";
import { commandsOf, exitCodes, OUTCOMES } from "../outcomes.ts";

/** The page that describes every command: arguments, options, exit codes and the `--json` document. */
export function commandReference(program: Command): string {
  return [
    "# The command line",
    "Run a command in the project's folder with `npm run -s lectern -- <command>`. This page is generated from",
    "the commands (`npm run -s lectern -- reference`). Results go to standard output; with `--json` they are one",
    "JSON document. The sandbox has [its own command line](sandbox.md).",
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
    ...(parameters.length === 0 ? [] : [...parameters, ""]),
    ...(outcome?.json === undefined ? [] : [`With \`--json\`: ${outcome.json}.`, ""]),
    "| exit code | meaning |",
    "| --- | --- |",
    ...codes,
    "",
  ].join("\n");
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
