import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

/**
 * When a process of this machine was started, as text: a process ID that is used again belongs to another
 * process, with another start. Undefined if there is no such process, or if it has exited and only its
 * entry is left (a zombie).
 */
export function startOfProcess(pid: number): Promise<string | undefined> {
  return process.platform === "linux" ? startInProc(pid) : startByPs(pid);
}

/** `/proc/<pid>/stat`: `pid (command) state …`, whose 22nd field is the start in clock ticks since boot. */
async function startInProc(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // A command may contain spaces and parentheses.
  const [state = "", ...fields] = text?.slice(text.lastIndexOf(")") + 2).split(" ") ?? [];
  return isOver(state) ? undefined : fields[18];
}

function startByPs(pid: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
    execFile("ps", ["-o", "state=,lstart=", "-p", String(pid)], { env }, (error, stdout) => {
      const [state = "", ...start] = error ? [] : stdout.trim().split(/\s+/);
      resolve(isOver(state) ? undefined : start.join(" "));
    });
  });
}

/** Z is a zombie, X is dead; empty where there is no such process. */
const isOver = (state: string) => state === "" || /^[ZX]/.test(state);
