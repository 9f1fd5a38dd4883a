import { posix } from "node:path";
import type { Problem } from "../../../problem/problem.ts";
import type { ProviderContext } from "../../../resource/context/context.ts";
import type { Transport } from "../transport/transport.ts";
import { freeSpaceOf } from "./disk.ts";

/** What a host has to be ready for. */
export interface HostNeeds {
  /** Where kernelspecs are, and where their folders are prepared. */
  readonly specsFolder: string;
  readonly staging: string;
  /** The command that pulls images, where the host pulls any. */
  readonly pull?: readonly string[] | undefined;
}

/** Seconds that clocks may differ: the least that a registry lets a token live. */
const CLOCK_LIMIT = 60;
/** Bytes without which no kernelspec can be written. */
const LEAST_SPACE = 1_000_000;

/** What keeps a host from taking any kernel. Nothing is changed on it. */
export async function hostProblems(
  host: Transport,
  needs: HostNeeds,
  context: ProviderContext,
): Promise<Problem[]> {
  const checks = [
    folderProblems(host, needs),
    engineProblems(host, needs),
    // This machine's clock is its own, and its locks need no program.
    ...(host.host === "local" ? [] : [lockProblems(host), clockProblems(host, context)]),
  ];
  return (await Promise.all(checks)).flat();
}

/** A problem of a host: the message begins with its name. */
export function hostProblem(host: Transport, code: string, what: string, remedy: string): Problem {
  return { code, severity: "error", message: `${host.host}: ${what}`, remedy };
}

/** The program that pulls with `docker pull`, `sudo docker pull`, …; undefined for a command of another form. */
export function engineOf(pull: readonly string[] | undefined): readonly [string, ...string[]] | undefined {
  const [program, ...rest] = pull ?? [];
  return program !== undefined && rest.at(-1) === "pull" ? [program, ...rest.slice(0, -1)] : undefined;
}

async function engineProblems(host: Transport, { pull }: HostNeeds): Promise<Problem[]> {
  const engine = engineOf(pull);
  if (!engine) return [];
  const { code, stderr } = await host.run([...engine, "version"]);
  if (code === 0) return [];
  const what = `\`${engine.join(" ")} version\` failed with exit code ${code}: ${lastLine(stderr)}`;
  const remedy =
    "Install and start the container engine there, let the deployment's user use it, or set `pull` of lectern:gateways";
  return [hostProblem(host, "host-no-engine", what, remedy)];
}

async function lockProblems(host: Transport): Promise<Problem[]> {
  // Another exit code is that of a version without this option.
  if ((await host.run(["flock", "--version"])).code !== 127) return [];
  const what = "flock is not installed, which keeps two deployments from changing a kernel at once";
  return [hostProblem(host, "host-no-flock", what, "Install util-linux there")];
}

async function clockProblems(host: Transport, { clock }: ProviderContext): Promise<Problem[]> {
  const seconds = Number((await host.run(["date", "+%s"])).stdout.trim());
  const ahead = Math.round(seconds - clock.now() / 1000);
  if (Number.isNaN(ahead) || Math.abs(ahead) <= CLOCK_LIMIT) return [];
  const what = `the clock is ${Math.abs(ahead)} s ${ahead > 0 ? "ahead" : "behind"}, so registries and gateways may refuse its tokens and certificates`;
  return [
    hostProblem(host, "host-clock", what, "Synchronise the clock there, as with `timedatectl set-ntp true`"),
  ];
}

async function folderProblems(host: Transport, { specsFolder, staging }: HostNeeds): Promise<Problem[]> {
  const folders = [specsFolder, staging];
  const listed = await host.run(["ls", "-d", "--", ...new Set(folders.flatMap(withParents))]);
  const there = new Set(listed.stdout.split("\n"));
  const nearest = folders.map((folder) => withParents(folder).find((path) => there.has(path)) ?? "/");
  const rights = await Promise.all(nearest.map((path) => host.run(["test", "-w", path])));
  const closed = nearest.filter((_, at) => rights[at]?.code !== 0);
  const space = await freeSpaceOf(host, nearest);
  return [
    ...[...new Set(closed)].map((path) => notWritable(host, path)),
    ...fullDisks(host, nearest, space),
    ...separateDisks(host, folders, space),
  ];
}

const notWritable = (host: Transport, path: string) =>
  hostProblem(
    host,
    "host-no-right",
    `the deployment's user may not write in ${path}, or its file system is read-only`,
    "Give the user write access to that folder",
  );

type Space = Awaited<ReturnType<typeof freeSpaceOf>>;

function fullDisks(host: Transport, paths: readonly string[], space: Space): Problem[] {
  return paths.flatMap((path, at) => {
    const free = space[at]?.free;
    // Both are often on one disk.
    if (free === undefined || free >= LEAST_SPACE || (at > 0 && space[at]?.mount === space[0]?.mount))
      return [];
    const remedy = "Free space there: without it no kernelspec can be written";
    return [hostProblem(host, "host-disk-full", `the disk of ${path} has ${free} bytes left`, remedy)];
  });
}

/** A folder appears in one rename, which works within one file system only. */
function separateDisks(host: Transport, [specs, staging]: readonly string[], space: Space): Problem[] {
  const [one, other] = space;
  if (!one || !other || one.mount === other.mount) return [];
  const what = `${specs} and ${staging}, where folders are prepared, are on two file systems, so none can be moved in one step`;
  const remedy = "Set `stagingFolder` of lectern:gateways to a folder on the file system of `specsFolder`";
  return [hostProblem(host, "host-two-disks", what, remedy)];
}

/** A folder and those that it is in, the folder first. */
function withParents(path: string): string[] {
  const parent = posix.dirname(path);
  return parent === path ? [path] : [path, ...withParents(parent)];
}

/** The last line of what a program printed, which names the cause by custom. */
export const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";
