import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { LecternError } from "../../components/problem/problem.ts";

const OTHERS = { "yarn.lock": "yarn", "pnpm-lock.yaml": "pnpm", "bun.lock": "bun" } as const;

const installed = z.object({ version: z.string(), bin: z.object({ lectern: z.string() }) });

/** The package as it is installed in a project. */
export interface Installed {
  readonly version: string;
  /** Its command, absolute. */
  readonly command: string;
}

/** @throws {LecternError} where the project does not depend on the package, or not by npm */
export function installedPackage(root: string): Installed {
  const problem = (message: string, remedy: string) =>
    new LecternError({ code: "no-dependency", severity: "error", file: "package.json", message, remedy });
  for (const [file, name] of Object.entries(OTHERS)) {
    if (existsSync(join(root, file)))
      throw problem(`${name} installs this repository's packages`, `Move \`lectern\` with ${name}`);
  }
  if (!dependsOnLectern(root)) {
    throw problem(
      "this repository does not depend on `lectern`",
      "Where it is a copy of Lectern's own repository, merge the new version: docs/operations/upgrade.md",
    );
  }
  const folder = join(root, "node_modules/lectern");
  if (!existsSync(folder)) throw problem("`lectern` is not installed", "Run `npm ci`");
  const { version, bin } = installed.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  return { version, command: join(folder, bin.lectern) };
}

const manifest = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });

function dependsOnLectern(root: string): boolean {
  const text = readFileSync(join(root, "package.json"), "utf8");
  return manifest.parse(JSON.parse(text)).dependencies["lectern"] !== undefined;
}

/**
 * Pins another version and installs it.
 * @param wanted a version, a tag, or a packed file, relative to where the command is called
 */
export async function installVersion(root: string, wanted: string): Promise<void> {
  const file = /\.t(ar\.)?gz$/.test(wanted) && !/^https?:/.test(wanted);
  const spec = file ? resolve(wanted) : /^https?:/.test(wanted) ? wanted : `lectern@${wanted}`;
  if (file && !existsSync(spec)) {
    throw new LecternError({
      code: "usage",
      severity: "error",
      path: "--to",
      message: `there is no file ${wanted}`,
      remedy: "Name a version, such as 0.2.0, or a file that `npm pack` made",
    });
  }
  await npm(root, "install", "--save-exact", "--no-audit", "--no-fund", spec);
}

/** Installs what package.json and the lockfile say. */
export const installLocked = (root: string): Promise<void> => npm(root, "install", "--no-audit", "--no-fund");

async function npm(root: string, ...args: string[]): Promise<void> {
  const { code, output } = await run("npm", [...args, "--loglevel=error"], root);
  if (code === 0) return;
  throw new LecternError({
    code: "npm-failed",
    severity: "error",
    message: `\`npm ${args[0]}\` failed:\n${output.trim()}\n`,
    remedy: "Fix that, and run the command again",
  });
}

function run(program: string, args: string[], cwd: string): Promise<{ code: number; output: string }> {
  return new Promise((settle, reject) => {
    const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => settle({ code: code ?? 1, output: Buffer.concat(output).toString() }));
  });
}
