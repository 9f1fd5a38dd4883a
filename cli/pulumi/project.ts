import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CommandError,
  ConcurrentUpdateError,
  type EngineEvent,
  LocalWorkspace,
  Stack,
  StackNotFoundError,
} from "@pulumi/pulumi/automation/index.js";
import { LecternError } from "../../components/problem/problem.ts";
import { type CallPulumi, pulumiIn } from "./call.ts";
import { type Operation, OperationLog } from "./operation.ts";

/** A stack of this project on the real engine. */
export interface ProjectStack {
  readonly name: string;
  preview(): Promise<Ran>;
  /**
   * What `pulumi preview --json` prints.
   * @throws {LecternError} where the preview fails
   */
  previewDocument(): Promise<unknown>;
  /** A preview that first reads what is there, which it keeps nowhere. @param note gets every event of it */
  previewRefreshed(note: (event: EngineEvent) => void): Promise<Ran>;
  up(signal: AbortSignal, options?: UpOptions): Promise<Ran>;
}

/** How a stack is deployed. */
interface UpOptions {
  /** Folders of policies that have to pass, relative to the project. */
  readonly policyPacks?: readonly string[];
  /** Whether what is there is read first. @default false */
  readonly refresh?: boolean;
}

/** How an operation ended, with what it did. */
export interface Ran extends Operation {
  readonly ok: boolean;
}

/** Where the output of each stack's last operation is kept, below the project. */
const LOGS = { deploy: join(".lectern", "deploy"), drift: join(".lectern", "drift") };

/** This project on the engine that `pulumi` on the PATH is. */
export class PulumiProject {
  readonly #workspace: LocalWorkspace;
  readonly #call: CallPulumi;
  readonly #root: string;

  private constructor(workspace: LocalWorkspace, root: string) {
    this.#workspace = workspace;
    this.#root = root;
    this.#call = pulumiIn(root, workspace.envVars);
  }

  /**
   * @param environment variables for the CLI and the programs that it runs, in addition to those of this process
   * @throws {LecternError} where there is no Pulumi CLI, or it is too old
   */
  static async open(
    root: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<PulumiProject> {
    try {
      const envVars = { ...environment };
      return new PulumiProject(await LocalWorkspace.create({ workDir: root, envVars }), root);
    } catch (error) {
      throw new LecternError({
        code: "missing-pulumi",
        severity: "error",
        message: `the Pulumi CLI can't be used: ${firstLine(error)}`,
        remedy: "Install it, and put `pulumi` on the PATH",
      });
    }
  }

  /**
   * Finds stacks, without changing which one the person has selected.
   * @throws {LecternError} with each that does not exist, or can't be read
   */
  async stacks(names: readonly string[]): Promise<ProjectStack[]> {
    const selected = await this.#workspace.stack().catch(() => undefined);
    const found: ProjectStack[] = [];
    const problems: LecternError[] = [];
    for (const name of names) {
      try {
        found.push(this.#open(await Stack.select(name, this.#workspace)));
      } catch (error) {
        problems.push(unreadable(name, error));
      }
    }
    if (selected) await this.#workspace.selectStack(selected.name).catch(() => undefined);
    if (problems.length > 0) throw new LecternError(problems.flatMap((one) => one.problems));
    return found;
  }

  #open(stack: Stack): ProjectStack {
    return {
      name: stack.name,
      preview: () => this.#run(stack, (options) => stack.preview(options)),
      previewDocument: async () => JSON.parse(await this.#call(["preview", "--json", "--stack", stack.name])),
      previewRefreshed: (note) =>
        this.#run(stack, (options) => stack.preview({ ...options, refresh: true }), {
          logs: LOGS.drift,
          note,
        }),
      up: (signal, { policyPacks = [], refresh = false } = {}) =>
        this.#run(stack, (options) =>
          stack.up({ ...options, continueOnError: true, signal, refresh, policyPacks: [...policyPacks] }),
        ),
    };
  }

  async #run(
    stack: Stack,
    operate: (
      options: Pick<Parameters<Stack["up"]>[0] & object, "color" | "onOutput" | "onEvent">,
    ) => Promise<unknown>,
    { logs = LOGS.deploy, note = () => {} }: { logs?: string; note?: (event: EngineEvent) => void } = {},
  ): Promise<Ran> {
    const log = new OperationLog();
    mkdirSync(join(this.#root, logs), { recursive: true });
    const file = join(this.#root, logs, `${stack.name}.log`);
    writeFileSync(file, "");
    const onOutput = (text: string) => appendFileSync(file, text);
    const onEvent = (event: EngineEvent) => {
      log.note(event);
      note(event);
    };
    try {
      await operate({ color: "never", onOutput, onEvent });
      return { ...log.operation, ok: true };
    } catch (error) {
      const { operation } = log;
      const errors = operation.errors.length > 0 ? operation.errors : [causeOf(stack.name, error)];
      return { ...operation, errors, ok: false };
    }
  }
}

function causeOf(stack: string, error: unknown): string {
  if (error instanceof ConcurrentUpdateError) {
    return `another update of ${stack} is in progress. If none is, \`pulumi cancel --stack ${stack}\` removes its lock`;
  }
  return error instanceof CommandError ? errorLine(error.message) : firstLine(error);
}

function unreadable(stack: string, error: unknown): LecternError {
  const isMissing = error instanceof StackNotFoundError;
  return new LecternError({
    code: "unreadable-stack",
    severity: "error",
    message: isMissing
      ? `there is no stack ${stack}`
      : `the stack ${stack} can't be read: ${causeOf(stack, error)}`,
    remedy: isMissing
      ? `Create it with \`pulumi stack init ${stack}\``
      : `Check that \`pulumi stack --stack ${stack}\` works in the project's folder`,
  });
}

const firstLine = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).trim().split("\n")[0] ?? "";

/** What the CLI gave as its error, of all that it printed. */
const errorLine = (text: string) => /error: (.+)/.exec(text)?.[1] ?? text.trim().split("\n").at(-1) ?? "";
