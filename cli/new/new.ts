import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { timeZoneOf, utcZone } from "../../components/calendar/time/time-zone.ts";
import { readKernel } from "../../components/kernel/declaration/kernel-file.ts";
import { didYouMean } from "../../components/problem/nearest.ts";
import { formatProblem, LecternError } from "../../components/problem/problem.ts";
import { discoverCatalog } from "../../stacks/catalog.ts";
import { projectFolder } from "../../stacks/project-folder.ts";
import { articleFiles, type KernelChoice } from "./article-files.ts";
import { clusterFiles } from "./cluster-files.ts";
import { eventFiles, eventFileWith, eventTarget } from "./event-files.ts";
import { kernelFiles } from "./kernel-files.ts";

/** What `lectern new` makes, and its folder in the catalog. */
const KINDS = {
  course: "courses",
  blog: "blogs",
  kernel: "kernels",
  cluster: "clusters",
  event: "calendar",
} as const;
export type Kind = keyof typeof KINDS;

export interface NewOptions {
  /** What people read. @default the name, with spaces */
  readonly title?: string;
  /** The display name of the kernel that the notebook runs on. @default the catalog's first */
  readonly kernel?: string;
  /** @default the project's catalog */
  readonly catalog?: string;
  readonly json?: boolean;
}

/**
 * `lectern new`: a folder in the catalog that passes validation as it is; of an event, a file in its calendar.
 * @param now milliseconds since 1970
 * @returns the exit code: 0 created, 1 not, and then nothing is written
 */
export async function create(
  kind: Kind,
  name: string,
  options: NewOptions,
  now = Date.now(),
): Promise<0 | 1> {
  try {
    const catalog = resolve(options.catalog ?? join(projectFolder(), "catalog"));
    const isFile = kind === "event";
    const folder = join(catalog, KINDS[kind], isFile ? "" : name);
    refuseName(kind, name, isFile ? join(folder, `${name}.yaml`) : folder);
    const files = isFile
      ? await newEvent(name, catalog, options, now)
      : await filesOf(kind, name, catalog, options);
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content, { flag: "wx" });
    }
    process.stdout.write(report(kind, folder, Object.keys(files), options));
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    for (const problem of error.problems) process.stderr.write(`error: ${formatProblem(problem)}\n`);
    return 1;
  }
}

async function newEvent(name: string, catalog: string, { title = titleOf(name) }: NewOptions, now: number) {
  const known = await eventFileWith(name, join(catalog, KINDS.event));
  if (known !== undefined)
    throw refused(`the calendar already has an event ${name}`, "Choose another name", shown(known));
  const zone = timeZoneOf(Intl.DateTimeFormat().resolvedOptions().timeZone) ?? utcZone();
  const place = { at: await eventTarget(catalog), timeZone: zone.name, today: zone.wallOf(now) };
  return eventFiles(name, title, place);
}

/** What the folder has, by path in it. */
async function filesOf(
  kind: Exclude<Kind, "event">,
  name: string,
  catalog: string,
  { kernel, title = titleOf(name) }: NewOptions,
): Promise<Record<string, string>> {
  if (kind === "kernel") return kernelFiles(title);
  if (kind === "cluster") return clusterFiles(name, await chartsOf(catalog));
  return articleFiles(title, await kernelOf(catalog, kernel));
}

const refused = (message: string, remedy: string, file?: string) =>
  new LecternError({
    code: "refused-name",
    severity: "error",
    message,
    remedy,
    ...(file === undefined ? {} : { file }),
  });

function refuseName(kind: Kind, name: string, path: string): void {
  const allowed = kind === "event" ? /^[a-z0-9]+(?:-[a-z0-9]+)*$/ : /^[a-z0-9]+(?:[-._][a-z0-9]+)*$/;
  if (!allowed.test(name) || (kind === "event" && name.length > 63)) {
    throw refused(
      `${JSON.stringify(name)} can't be the name of ${kind === "event" ? "an" : "a"} ${kind}`,
      `Use lower-case letters, digits and hyphens, such as fair-dice; --title has what people read`,
    );
  }
  if (existsSync(path)) throw refused(`${shown(path)} exists already`, "Choose another name");
}

/** `fair-dice` → `Fair dice`. */
function titleOf(name: string): string {
  const words = name.replaceAll(/[-._]+/g, " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

const chartsOf = async (catalog: string) =>
  existsSync(catalog) ? (await discoverCatalog(catalog)).charts.map(({ name }) => name) : [];

/** The kernel by its display name; without one the catalog's first, or a placeholder where it has none. */
async function kernelOf(catalog: string, wanted: string | undefined): Promise<KernelChoice> {
  const entries = existsSync(catalog) ? (await discoverCatalog(catalog)).kernels : [];
  const read = await Promise.all(entries.map(({ folder }) => readKernel(folder)));
  const kernels = read.flatMap(({ kernel }) => kernel ?? []);
  const [first = { name: "python3", displayName: wanted ?? "Python 3", language: "python" }] = kernels;
  if (wanted === undefined || kernels.length === 0) return first;
  const found = kernels.find(({ displayName }) => displayName === wanted);
  if (found) return found;
  const names = kernels.map(({ displayName }) => displayName);
  throw new LecternError({
    code: "undeclared-kernel",
    severity: "error",
    path: "--kernel",
    message: `no kernel has the display name ${JSON.stringify(wanted)}`,
    remedy: didYouMean(wanted, names, `Use one of ${names.map((known) => JSON.stringify(known)).join(", ")}`),
  });
}

function report(kind: Kind, folder: string, files: readonly string[], { json, catalog }: NewOptions): string {
  if (json) return `${JSON.stringify({ kind, folder, files }, null, 2)}\n`;
  const article = `Write in ${shown(join(folder, files.at(-1) ?? ""))}, and describe it in course.json`;
  const next = {
    course: article,
    blog: article,
    kernel: `Put what it needs into ${shown(join(folder, "image/requirements.txt"))}`,
    event: `Write in ${shown(join(folder, files.at(-1) ?? ""))} when it takes place and how many people come`,
    cluster: `Name your images in ${shown(join(folder, "images.yaml"))}, your nodes in node-groups.json, and who may log in in common.yaml`,
  }[kind];
  return [
    ...files.map((file) => `+ ${shown(join(folder, file))}`),
    "",
    `${next}. Then:`,
    ...(kind === "event"
      ? [
          `  npx lectern validate ${shown(dirname(folder))}`,
          `  npx lectern calendar${catalog === undefined ? "" : ` --catalog ${shown(dirname(folder))}`}`,
        ]
      : [`  npx lectern validate ${shown(folder)}`, "  npx lectern sandbox preview"]),
    "",
  ].join("\n");
}

function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near;
}
