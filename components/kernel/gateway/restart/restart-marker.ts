import { posix } from "node:path";
import { z } from "zod";
import { lockFolder } from "../../hosts/transport/locks/lock-keeper.ts";
import type { RunResult, Transport } from "../../hosts/transport/transport.ts";

/** What a restart of a gateway is for. */
const restartReasons = z.object({
  /** Kernels that it makes known: `kernel/<name>/<uuid>`. */
  registrations: z.array(z.string()).default([]),
  /** What people asked for, `<project>/<stack>: <word>`. */
  again: z.array(z.string()).default([]),
});
export type RestartReasons = z.output<typeof restartReasons>;

/** What a host knows of its gateway's restarts. */
export interface RestartMarks {
  /** What its last restart was for. */
  readonly done: RestartReasons | undefined;
  /** What a restart was for that began, and of whose end nothing is known. */
  readonly begun: RestartReasons | undefined;
}

/** Where a host's marks are: beside its locks, and like them gone with a reboot, which restarts a gateway too. */
const FOLDER = "/tmp/lectern-restarts";

/**
 * Restarts and marks it in one process on the host, which goes on when the deployment is killed or the connection
 * breaks: so a restart that was done is never done again. The reasons come by standard input. The folder is of all
 * users, as repositories that share a gateway may log in as different ones. Exit code 125: it could not be marked.
 */
const SCRIPT = `
folder=$1
shift
mask=$(umask)
umask 0
mkdir -p "$folder" && next=$(mktemp "$folder/next.XXXXXX") && cat >"$next" && chmod 666 "$next" || exit 125
mv -f "$next" "$folder/begun.json" || exit 125
umask "$mask"
trap '' HUP PIPE
"$@" </dev/null
code=$?
if [ "$code" -eq 0 ]; then mv -f "$folder/begun.json" "$folder/done.json"; else rm -f "$folder/begun.json"; fi
exit "$code"
`;

/** What of a restart's command tells that it was not run. */
export const NOT_MARKED = 125;

/** The marks of the gateway that reads that folder of kernelspecs. */
export async function readMarks(host: Transport, specsFolder: string): Promise<RestartMarks> {
  const folder = folderOf(specsFolder);
  const read = async (name: string) => reasonsIn(await host.read(posix.join(folder, name)));
  const [done, begun] = await Promise.all([read("done.json"), read("begun.json")]);
  return { done, begun };
}

/** Whether a restart for these reasons was one for those that are wanted too. */
export function covers(made: RestartReasons | undefined, wanted: RestartReasons): boolean {
  if (!made) return false;
  const has = (all: readonly string[], some: readonly string[]) => some.every((one) => all.includes(one));
  return has(made.registrations, wanted.registrations) && has(made.again, wanted.again);
}

/**
 * Runs the command that restarts a gateway, and marks what it was for.
 * @param timeout milliseconds
 */
export function runMarked(
  host: Transport,
  specsFolder: string,
  reasons: RestartReasons,
  command: readonly [string, ...string[]],
  timeout: number,
): Promise<RunResult> {
  const input = `${JSON.stringify(reasons)}\n`;
  const argv = ["sh", "-c", SCRIPT, "lectern-restart", folderOf(specsFolder), ...command] as const;
  return host.run(argv, { input, timeout });
}

/** Marks a restart as done that began, and whose gateway answers again. */
export async function markDone(host: Transport, specsFolder: string, reasons: RestartReasons): Promise<void> {
  const folder = folderOf(specsFolder);
  await host.writeAtomically(posix.join(folder, "done.json"), `${JSON.stringify(reasons)}\n`, {
    mode: 0o666,
  });
  await host.remove(posix.join(folder, "begun.json"));
}

const folderOf = (specsFolder: string): string => posix.join(FOLDER, lockFolder(specsFolder));

function reasonsIn(bytes: Buffer | undefined): RestartReasons | undefined {
  try {
    return restartReasons.parse(JSON.parse(bytes?.toString("utf8") ?? ""));
  } catch {
    return undefined;
  }
}
