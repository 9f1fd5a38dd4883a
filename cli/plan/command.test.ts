import { expect, it } from "vitest";
import { commandLine } from "../commands.ts";

it.each([[[]], [["preview.json", "--base", "main"]], [["--base", "main", "--changed", "changed.txt"]]])(
  "plan %j is wrong usage: a plan is of one thing",
  async (args) => {
    const program = commandLine();
    const said: string[] = [];
    for (const command of program.commands)
      command.configureOutput({ writeErr: (text) => void said.push(text) });
    await expect(program.parseAsync(["node", "lectern", "plan", ...args])).rejects.toMatchObject({
      exitCode: 2,
    });
    expect(said.join("")).toContain("give one of a preview, --base <revision> and --changed <file>");
  },
);
