import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds between two looks. */
const PAUSE = 500;

/** What is kept deployed. */
export interface Watched {
  /** What there is now, as a text that differs where something differs. */
  look(): Promise<string>;
  /** Deploys what there is. @returns whether it was tried; if not, it is due again at the next look */
  deploy(): Promise<boolean>;
}

/**
 * Deploys at the start and after each change, until the signal aborts. A change is deployed once two looks
 * have seen the same, so that a file is not read while an editor writes it.
 */
export async function keepDeployed(watched: Watched, signal: AbortSignal, pause = PAUSE): Promise<void> {
  let deployed: string | undefined;
  let before: string | undefined;
  while (!signal.aborted) {
    const now = await watched.look();
    if (now === before && now !== deployed && (await watched.deploy())) deployed = now;
    before = now;
    await delay(pause, undefined, { signal }).catch(() => {});
  }
}

/**
 * The files below these paths, with their sizes and times. It asks the file system instead of waiting for its
 * events, which those of networks and containers do not give. Hidden files are an editor's own.
 */
export async function snapshot(paths: readonly string[]): Promise<string> {
  const lines = await Promise.all(paths.map((path) => linesOf(path)));
  return lines.flat().join("\n");
}

async function linesOf(path: string): Promise<string[]> {
  const files = await readdir(path, { recursive: true, withFileTypes: true }).then(
    (entries) =>
      entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name)),
    () => [path],
  );
  const shown = files.filter((file) => !/(^|\/)\./.test(relative(path, file)));
  return await Promise.all(
    shown.sort().map(async (file) => {
      // A file may go at any moment.
      const { size = -1, mtimeMs = -1 } = await stat(file).catch(
        () => ({}) as { size?: number; mtimeMs?: number },
      );
      return `${file} ${size} ${mtimeMs}`;
    }),
  );
}
