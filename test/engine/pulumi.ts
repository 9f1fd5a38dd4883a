import { execFile } from "node:child_process";
import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { type Events, readEvents } from "./events.ts";
import type { Stored } from "./order.ts";
import { PLUGIN_FOLDERS } from "./programs.ts";

const execute = promisify(execFile);
const REPOSITORY = join(import.meta.dirname, "..", "..");

/** How a call of the real CLI ended. */
export interface Ended {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** How an operation on a stack ended, and what it did. */
export interface Operated extends Ended, Events {}

export interface PulumiOptions {
  /** The CLI's path. */
  readonly cli: string;
  /** A folder of the test's: the project, the CLI's home and its file backend are made in it. */
  readonly folder: string;
  /** The folder with the program: its Pulumi.yaml and package.json are copied, the rest is linked. */
  readonly root: string;
  /** What is linked of it. @default what the engine's fixture has */
  readonly linked?: readonly string[];
  /** Another folder with a project, instead of a copy of `root`; it is used as it is. */
  readonly project?: string;
  readonly passphrase?: string;
  /** More of the CLI's environment, which its plugins and the program get too. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Folders with plugins that are taken before all others. */
  readonly plugins?: readonly string[];
}

export type Operation = "preview" | "up" | "refresh" | "destroy";

/** What this repository's own program consists of. */
export const LECTERN = { root: REPOSITORY, linked: ["index.ts", "components", "stacks"] } as const;

/** A project with a root's files, some of them by links, and this repository's packages. */
function copyOf(root: string, linked: readonly string[], folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const name of ["Pulumi.yaml", "package.json"]) cpSync(join(root, name), join(folder, name));
  for (const name of linked) symlinkSync(join(root, name), join(folder, name));
  symlinkSync(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** The real Pulumi on one project: a file backend and a home of its own, nothing shared. */
export class Pulumi {
  /** A copy of the project, which the CLI may write its stacks' files to. */
  readonly project: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly cli: string;
  readonly #folder: string;

  constructor(options: PulumiOptions) {
    const { cli, folder, root, linked = ["index.ts", "components"], passphrase = "a passphrase" } = options;
    this.cli = cli;
    this.#folder = folder;
    for (const name of ["home", "backend"]) mkdirSync(join(folder, name), { recursive: true });
    this.project = options.project ?? copyOf(root, linked, join(folder, "project"));
    this.environment = {
      ...process.env,
      PATH: [
        join(REPOSITORY, "node_modules", ".bin"),
        ...(options.plugins ?? []),
        process.env["PATH"],
        ...PLUGIN_FOLDERS,
      ].join(delimiter),
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // Without it the CLI has no `--event-log`.
      PULUMI_DEBUG_COMMANDS: "true",
      ...options.environment,
    };
  }

  /** Makes an empty stack. */
  async init(stack: string): Promise<void> {
    await this.#must("stack", "init", stack);
  }

  /** Sets a stack's configuration, full keys. */
  async configure(
    stack: string,
    config: Readonly<Record<string, string>>,
    secretKeys: readonly string[] = [],
  ): Promise<void> {
    const given = (secret: boolean) =>
      Object.entries(config)
        .filter(([key]) => secretKeys.includes(key) === secret)
        .flatMap(([key, value]) => [secret ? "--secret" : "--plaintext", `${key}=${value}`]);
    await this.#must("config", "set-all", "--stack", stack, ...given(false), ...given(true));
  }

  /** Runs an operation on a stack, without a preview before it. */
  async run(operation: Operation, stack: string, ...options: string[]): Promise<Operated> {
    const log = join(this.#folder, "events.jsonl");
    rmSync(log, { force: true });
    const at = ["--stack", stack, "--event-log", log, ...options];
    const ended =
      operation === "preview"
        ? await this.call("preview", ...at)
        : await this.call(operation, "--yes", "--skip-preview", ...at);
    return { ...ended, ...readEvents(log) };
  }

  async outputs(stack: string): Promise<Record<string, unknown>> {
    return JSON.parse((await this.#must("stack", "output", "--json", "--stack", stack)).stdout);
  }

  /** The resources in the stack's state. */
  async resources(stack: string): Promise<readonly Stored[]> {
    const { stdout } = await this.#must("stack", "export", "--stack", stack);
    return JSON.parse(stdout).deployment.resources ?? [];
  }

  /** Writes the stack's state to a file. */
  async export(stack: string, file: string): Promise<void> {
    await this.#must("stack", "export", "--stack", stack, "--file", file);
  }

  /** Replaces the stack's state by the one in a file. */
  async import(stack: string, file: string): Promise<void> {
    await this.#must("stack", "import", "--stack", stack, "--file", file);
  }

  async #must(...args: string[]): Promise<Ended> {
    const ended = await this.call(...args);
    if (!ended.ok) throw new Error(`pulumi ${args[0]} ${args[1]}: ${ended.stderr}${ended.stdout}`);
    return ended;
  }

  async call(...args: string[]): Promise<Ended> {
    try {
      const { stdout, stderr } = await execute(this.cli, [...args, "--non-interactive"], {
        cwd: this.project,
        env: this.environment,
        maxBuffer: 2 ** 28,
      });
      return { ok: true, stdout, stderr };
    } catch (error) {
      const { stdout = "", stderr = String(error) } = error as Partial<Ended>;
      return { ok: false, stdout, stderr };
    }
  }
}
