import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { configSchema } from "../../stacks/config.ts";
import { commandLine } from "../commands.ts";
import { commandsOf, OUTCOMES } from "../outcomes.ts";
import { referenceFiles } from "./reference.ts";

const FILES = referenceFiles(commandLine());

describe("the reference", () => {
  it.each(Object.entries(FILES))("%s is up to date (npm run -s lectern -- reference)", (path, content) => {
    expect(readFileSync(path, "utf8")).toBe(content);
  });

  it("describes every key of the configuration", () => {
    const page = FILES["docs/reference/configuration.md"] ?? "";
    for (const key of Object.keys(configSchema.shape)) expect(page).toContain(`## lectern:${key}\n`);
    expect(page).not.toContain("undefined");
  });

  it("describes every command, and no other, with its --json document", () => {
    const commands = commandsOf(commandLine());
    const page = FILES["docs/reference/cli.md"] ?? "";
    expect(page).not.toContain("undefined");
    expect(commands.map(([name]) => name).sort()).toEqual(Object.keys(OUTCOMES).sort());
    for (const [name, command] of commands) {
      expect(page).toContain(`## lectern ${name}\n`);
      const hasJson = command.options.some(({ long }) => long === "--json");
      expect(OUTCOMES[name]?.json !== undefined, name).toBe(hasJson);
    }
  });
});

describe("the command line", () => {
  it("prints the package's version", async () => {
    const printed: string[] = [];
    const program = commandLine().configureOutput({ writeOut: (text) => void printed.push(text) });
    await expect(program.parseAsync(["node", "lectern", "--version"])).rejects.toMatchObject({ exitCode: 0 });
    const manifest = JSON.parse(readFileSync("package.json", "utf8"));
    expect(printed).toEqual([`${manifest.version}\n`]);
  });

  it.each(Object.entries(OUTCOMES).flatMap(([name, { examples }]) => examples.map((line) => [name, line])))(
    "an example of %s is a call of it: %s",
    async (name, line) => {
      const program = commandLine().configureOutput({ writeErr: () => undefined });
      const called: string[] = [];
      for (const [known, command] of commandsOf(program)) command.action(() => void called.push(known));
      const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? "");
      await program.parseAsync(["node", "lectern", ...words]);
      expect(called).toEqual([name]);
    },
  );

  it("shows examples first in its own help", () => {
    const printed: string[] = [];
    commandLine()
      .configureOutput({ writeOut: (text) => void printed.push(text) })
      .outputHelp();
    expect(printed.join("")).toMatch(/Examples:\n {2}lectern new course fair-dice/);
  });

  it("ends the help of a command with examples and its exit codes", () => {
    const [, command] = commandsOf(commandLine()).find(([name]) => name === "validate") ?? [];
    const printed: string[] = [];
    command?.configureOutput({ writeOut: (text) => void printed.push(text) }).outputHelp();
    expect(printed.join("")).toMatch(
      /Examples:\n {2}lectern validate \.\n[\s\S]*Exit codes:\n {2}0 {2}nothing has an error/,
    );
  });
});
