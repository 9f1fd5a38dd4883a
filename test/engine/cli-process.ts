import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Pulumi } from "./pulumi.ts";

const CLI = join(import.meta.dirname, "../../cli");

/** A run of one of Lectern's commands in a process of its own. */
export interface CliProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<{
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;
}

/**
 * Starts a command in a project, with the CLI and the backend of a test.
 * @param name the command, and the function of `cli/<name>/<name>.ts` that it calls
 */
export function startInProject(
  name: "deploy" | "drift" | "report",
  { project, environment }: Pulumi,
  options: object,
  more: Readonly<Record<string, string>> = {},
): CliProcess {
  const script = `
    const { ${name} } = await import(${JSON.stringify(join(CLI, name, `${name}.ts`))});
    process.exitCode = await ${name}(${JSON.stringify(project)}, ${JSON.stringify(options)});
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    env: { ...environment, ...more },
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (data) => (said.stdout += data));
  child.stderr.on("data", (data) => (said.stderr += data));
  const ended = new Promise<{ code: number | null } & typeof said>((resolve) =>
    child.on("close", (code) => resolve({ code, ...said })),
  );
  return { child, ended };
}
