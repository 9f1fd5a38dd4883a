import { spawn } from "node:child_process";
import { LecternError } from "../../components/problem/problem.ts";
import { readJournal, writeJournal } from "./journal.ts";
import { forgetFiles, keepFile, restoreFiles } from "./kept-files.ts";
import { installedPackage, installLocked, installVersion } from "./npm.ts";
import { existingStacks, type Previews, previewsOf } from "./previews.ts";

// Everything is imported at the start: the package of this file is replaced while it runs.

export interface UpgradeOptions {
  /** A version, a tag, or a packed file. */
  readonly to: string;
  readonly stack?: readonly string[];
  /** False proves nothing. */
  readonly preview: boolean;
  readonly allowChanges?: boolean;
}

const print = (line: string) => void process.stdout.write(`${line}\n`);

/**
 * `lectern upgrade`: the version that is left previews, installs the other, and lets that one adapt files and preview
 * again. What does not succeed is undone.
 * @returns the exit code: 1 where everything is as it was
 */
export async function upgrade(root: string, options: UpgradeOptions): Promise<0 | 1> {
  try {
    await recoverInterrupted(root);
    const { version, command } = installedPackage(root);
    const before = await previewsBefore(root, options, command);
    writeJournal(root, { from: version, before, allowChanges: options.allowChanges === true });
    for (const file of ["package.json", "package-lock.json"]) keepFile(root, file);
    if (await replaced(root, options.to)) {
      forgetFiles(root);
      return 0;
    }
    await undo(root, version);
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`${error.message}\n`);
  }
  return 1;
}

async function previewsBefore(root: string, options: UpgradeOptions, command: string): Promise<Previews> {
  if (!options.preview) return {};
  const stacks = options.stack ?? (await existingStacks(root));
  if (stacks.length === 0) {
    throw new LecternError({
      code: "no-stack",
      severity: "error",
      message: "no stack of this project exists, so there is nothing to prove with",
      remedy: "Add --stack sandbox to preview the local one, or --no-preview",
    });
  }
  print(`Previewing ${stacks.join(", ")}`);
  return previewsOf(root, stacks, command);
}

/** @returns whether the other version is installed and has finished */
async function replaced(root: string, wanted: string): Promise<boolean> {
  // Ctrl-C reaches npm and the other version too; what they leave is undone here.
  const wait = () => {};
  process.on("SIGINT", wait).on("SIGTERM", wait);
  try {
    print(`Installing lectern ${wanted}`);
    await installVersion(root, wanted);
    return (await finishByInstalled(root)) === 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return false;
  } finally {
    process.off("SIGINT", wait).off("SIGTERM", wait);
  }
}

function finishByInstalled(root: string): Promise<number> {
  const { command } = installedPackage(root);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, "finish-upgrade"], { cwd: root, stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

async function undo(root: string, version: string): Promise<void> {
  const files = restoreFiles(root);
  await installLocked(root);
  forgetFiles(root);
  process.stderr.write(`Lectern is ${version} again; restored ${files.join(", ")}.\n`);
}

/** An upgrade that was killed left what it had changed. */
async function recoverInterrupted(root: string): Promise<void> {
  const journal = readJournal(root);
  if (journal) await undo(root, journal.from);
}
