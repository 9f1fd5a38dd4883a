import { readdirSync, readFileSync } from "node:fs";

/**
 * `kill -9` of a process and of all below it, whatever their process groups: each plugin of an engine has
 * one of its own. All of them stand still before the first is killed, so that none starts another.
 */
export function killTree(root: number): void {
  let stopped: number[] = [];
  for (let all = [root, ...descendants(root)]; all.length > stopped.length; ) {
    for (const pid of all) signal(pid, "SIGSTOP");
    stopped = all;
    all = [root, ...descendants(root)];
  }
  for (const pid of stopped) signal(pid, "SIGKILL");
}

/** `kill -9` of a process alone. @returns the processes below it, which live on */
export function killRoot(root: number): number[] {
  signal(root, "SIGSTOP");
  const left = descendants(root);
  signal(root, "SIGKILL");
  return left;
}

/** `kill -9` of processes by their IDs; one that has ended is no error. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) signal(pid, "SIGKILL");
}

function descendants(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const below = (pid: number): number[] =>
    [...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => [child, ...below(child)]);
  return below(root);
}

function parentOf(pid: number): number | undefined {
  try {
    // The program's name, in brackets, may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
