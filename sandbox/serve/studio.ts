import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const PROGRAM = join(import.meta.dirname, "../../cli/lectern.mjs");

/** Milliseconds until a studio that was asked to end is ended. */
const PATIENCE = 5000;

/** What the studio shows. */
interface StudioPlaces {
  readonly catalog: string;
  /** The sandbox's state folder, for what is deployed. */
  readonly state: string;
  /** The project's folder. */
  readonly project: string;
}

/**
 * Serves the studio beside the services, in a process that ends with this one, and prints each of its addresses.
 * @returns what stops it
 */
export function startStudio(
  { catalog, state, project }: StudioPlaces,
  print: (line: string) => void,
): () => Promise<void> {
  const args = [PROGRAM, "studio", "--catalog", catalog, "--state", state];
  const studio = spawn(process.execPath, args, { cwd: project, stdio: ["ignore", "pipe", "ignore", "ipc"] });
  const ended = once(studio, "exit");
  let isStopping = false;
  let rest = "";
  studio.stdout?.setEncoding("utf8").on("data", (text: string) => {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [address] = /http:\/\/\S+/.exec(line) ?? [];
      if (address !== undefined) print(`  studio    ${address} (for one browser, once)`);
    }
  });
  ended.then(
    () => isStopping || print("  The studio did not start or has ended; `lectern studio` says why."),
    () => print("  The studio did not start; `lectern studio` says why."),
  );
  return async () => {
    isStopping = true;
    studio.kill("SIGTERM");
    const last = setTimeout(() => studio.kill("SIGKILL"), PATIENCE);
    await ended.catch(() => {});
    clearTimeout(last);
  };
}
