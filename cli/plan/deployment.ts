import { readFile } from "node:fs/promises";
import { posix, relative, resolve, sep } from "node:path";
import { text } from "node:stream/consumers";
import { LecternError, type Problem } from "../../components/problem/problem.ts";
import { changedFiles } from "../../plan/deployment/changes/changed-files.ts";
import type { DeploymentPlan } from "../../plan/deployment/deployment-plan.ts";
import { planDeployment } from "../../plan/deployment/plan-deployment.ts";
import { compareWithBase, textsAt } from "./changed/base.ts";
import { repositoryRoot } from "./changed/repository.ts";
import { readCatalogFacts } from "./facts/catalog-facts.ts";
import { linksIn, throughLinks } from "./facts/links.ts";
import { readProjectFacts } from "./facts/project-facts.ts";
import { Unreadable } from "./facts/quick-yaml.ts";
import { strictProblems } from "./facts/strict.ts";
import { frozenHubs } from "./frozen-hubs.ts";
import { readLabels } from "./labels.ts";
import type { OutputOptions } from "./output-options.ts";
import { printPlan } from "./print-plan.ts";

export interface DeploymentPlanOptions extends OutputOptions {
  /** A revision to compare with. */
  readonly base?: string;
  /** A list of changed files instead; `-` is standard input. */
  readonly changed?: string;
  /** JSON. */
  readonly labels?: string;
  /** Relative to the project. */
  readonly catalog: string;
  /** The moment for which it is shown what events freeze. @default now */
  readonly at?: string;
}

/**
 * `lectern plan --base`, `lectern plan --changed`: what a change deploys, from the paths that it touches.
 * @param project its folder
 * @returns the exit code: 0 a plan, 1 none
 */
export async function printDeploymentPlan(project: string, options: DeploymentPlanOptions): Promise<0 | 1> {
  try {
    const plan = await deploymentPlan(project, options);
    const now = options.at === undefined ? Date.now() : Date.parse(options.at);
    const held = await frozenHubs(resolve(project, options.catalog), plan, now);
    await printPlan(held.length === 0 ? plan : { ...plan, held }, options);
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return 1;
  }
}

/** @throws {LecternError} where there can't be a plan */
async function deploymentPlan(
  project: string,
  options: Pick<DeploymentPlanOptions, "base" | "changed" | "labels" | "catalog">,
): Promise<DeploymentPlan> {
  const labels = readLabels(options.labels);
  const root = repositoryRoot(project) ?? project;
  const place = {
    root,
    folder: within(root, project),
    catalog: within(root, resolve(project, options.catalog)),
  };
  const { changed, commit } = await changesOf(place, options);
  if (commit === undefined) return planOfChange(place, { changed, labels });
  const textsOfBase = (paths: readonly string[]) => textsAt(root, commit, paths);
  return { ...(await planOfChange(place, { changed, labels, textsOfBase })), base: commit };
}

/** A change of files, and what its plan takes from its base. */
interface PlannedChange {
  readonly changed: readonly string[];
  readonly labels: readonly string[];
  /** Reads files as the base has them; absent where there is none. */
  readonly textsOfBase?: (paths: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** What a change deploys. @throws {LecternError} where a file that says so can't be read */
export async function planOfChange(
  place: Place,
  { changed, labels, textsOfBase }: PlannedChange,
): Promise<DeploymentPlan> {
  const { root } = place;
  const texts = await textsOfBase?.(readOfBase(place, changed));
  const base = texts && ((path: string) => texts.get(path));
  try {
    const catalog = await readCatalogFacts(root, place.catalog, changed, base);
    const links = linksIn(
      root,
      LINKING.map((section) => posix.join(place.catalog, section)),
    );
    return planDeployment({
      changed,
      linked: throughLinks(changed, links),
      labels,
      catalog,
      project: readProjectFacts(root, place.folder, base),
    });
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new LecternError(await strictProblems(root, error.file));
  }
}

/** The sections of a catalog whose files may be links to others; articles may not have links that leave them. */
const LINKING = ["clusters", "charts", "kernels", "images"];

interface Place {
  readonly root: string;
  /** The project's folder, from the repository's root; empty where they are the same. */
  readonly folder: string;
  readonly catalog: string;
}

const within = (root: string, folder: string) => relative(root, folder).split(sep).join("/");

async function changesOf(
  { root, folder, catalog }: Place,
  { base, changed }: Pick<DeploymentPlanOptions, "base" | "changed">,
): Promise<{ readonly changed: readonly string[]; readonly commit?: string }> {
  if (changed !== undefined) return { changed: changedFiles(await listOf(changed)) };
  if (base === undefined) throw new Error("there is nothing to compare with");
  const own = ["index.ts", "package-lock.json", "Pulumi.yaml"].map((name) => posix.join(folder, name));
  return compareWithBase(root, base, [catalog, ...own]);
}

/** What is read of the base where it changed: what tells what it had deployed. */
function readOfBase({ folder, catalog }: Place, changed: readonly string[]): string[] {
  const lockfile = posix.join(folder, "package-lock.json");
  const clusters = posix.join(catalog, "clusters/");
  const cluster = (path: string) => path.startsWith(clusters) && path.endsWith("/cluster.yaml");
  return changed.filter((path) => path === lockfile || cluster(path));
}

async function listOf(file: string): Promise<string> {
  if (file === "-") return text(process.stdin);
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new LecternError(unreadableList(file, error.code ?? error.message));
  });
}

const unreadableList = (file: string, code: string): Problem => ({
  code: "unreadable-file",
  severity: "error",
  file,
  path: "--changed",
  message: `the list of changed files can't be read (${code})`,
  remedy: "Write it with `git diff --name-status BASE HEAD`; - is standard input",
});
