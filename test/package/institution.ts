import { type ChildProcessWithoutNullStreams, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const REPOSITORY = resolve(import.meta.dirname, "../..");
const execute = promisify(execFile);

/** npm fetches the dependencies from the registry that it is configured with, and nothing of them runs. */
const QUIETLY = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/** What a program printed; it fails where the program does. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

async function call(
  program: string,
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Printed> {
  // What `npm run` of the tests sets is not the institution's.
  const env = { ...environment, NO_COLOR: "1", INIT_CWD: undefined, npm_lifecycle_event: undefined };
  try {
    return await execute(program, args, { cwd, env, maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as Partial<Printed>;
    throw new Error(`${[program, ...args].join(" ")} failed:\n${stdout}${stderr}`);
  }
}

/** A program that runs. */
class Running {
  readonly #process: ChildProcessWithoutNullStreams;
  #output = "";

  constructor(started: ChildProcessWithoutNullStreams) {
    this.#process = started;
    for (const stream of [started.stdout, started.stderr])
      stream.on("data", (data: Buffer) => {
        this.#output += data;
      });
  }

  /** Waits until it has printed something. @throws where it ends first */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#output);
      if (found) return found;
      if (this.#process.exitCode !== null) throw new Error(`it ended:\n${this.#output}`);
      await Promise.race([once(this.#process.stdout, "data"), once(this.#process, "exit")]);
    }
  }

  /** Asks it to end. @returns its exit code */
  async end(): Promise<number | null> {
    if (this.#process.exitCode === null) {
      this.#process.kill("SIGTERM");
      await once(this.#process, "exit");
    }
    return this.#process.exitCode;
  }
}

/** Tarballs, as a registry would serve them. */
export interface Packed {
  /** `lectern` at an earlier version. */
  readonly earlier: string;
  /** The same at a later one. */
  readonly later: string;
  /** One that ends as soon as it is called. */
  readonly broken: string;
  readonly create: string;
}

/** Builds and packs the packages, `lectern` at versions below and above every real one. */
export async function packAll(folder: string): Promise<Packed> {
  await call(process.execPath, ["release/build.ts"], REPOSITORY);
  const lectern = join(REPOSITORY, "dist/lectern");
  const broken = withVersion("1000.0.0", lectern, folder);
  writeFileSync(join(broken, "cli/lectern.mjs"), "#!/usr/bin/env node\nprocess.exit(1);\n");
  return {
    broken: await pack(broken, folder),
    earlier: await pack(withVersion("0.0.1", lectern, folder), folder),
    later: await pack(withVersion("999.0.0", lectern, folder), folder),
    create: await pack(join(REPOSITORY, "dist/create-lectern"), folder),
  };
}

function withVersion(version: string, packageFolder: string, folder: string): string {
  const copy = join(folder, `lectern-${version}`);
  cpSync(packageFolder, copy, { recursive: true });
  edit(join(copy, "package.json"), (manifest) => ({ ...manifest, version }));
  return copy;
}

async function pack(packageFolder: string, folder: string): Promise<string> {
  const args = ["pack", "--json", "--pack-destination", folder];
  const [{ filename }] = JSON.parse((await call("npm", args, packageFolder)).stdout);
  return join(folder, filename);
}

type Json = Readonly<Record<string, unknown>>;

function edit(file: string, change: (content: Json) => Json): void {
  writeFileSync(file, `${JSON.stringify(change(JSON.parse(readFileSync(file, "utf8"))), null, 2)}\n`);
}

/** An institution's repository, made and installed as a person does it, from tarballs instead of a registry. */
export class Institution {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static async create(folder: string, { create, earlier }: Packed): Promise<Institution> {
    const creator = join(folder, "creator");
    mkdirSync(creator);
    await call("npm", ["install", "--prefix", creator, ...QUIETLY, create], folder);
    const made = new Institution(join(folder, "teaching"));
    await call(join(creator, "node_modules/.bin/create-lectern"), ["teaching"], folder);
    edit(join(made.root, "package.json"), (manifest) => ({
      ...manifest,
      dependencies: { ...(manifest["dependencies"] as Json), lectern: `file:${earlier}` },
    }));
    await made.git("init", "--quiet", "--initial-branch=main");
    await call("npm", ["install", ...QUIETLY], made.root);
    return made;
  }

  /** The installed command. */
  lectern(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Printed> {
    return call(join(this.root, "node_modules/.bin/lectern"), args, this.root, environment);
  }

  /** The installed command, which goes on until it is ended. */
  start(args: readonly string[]): Running {
    return new Running(spawn(join(this.root, "node_modules/.bin/lectern"), args, { cwd: this.root }));
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.root, path), text);
  }

  npm(...args: string[]): Promise<Printed> {
    return call("npm", args, this.root);
  }

  async git(...args: string[]): Promise<void> {
    const person = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
    await call("git", [...person, ...args], this.root);
  }

  async commit(): Promise<void> {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--allow-empty", "--message=change");
  }
}
