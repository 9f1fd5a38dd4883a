import { constants, existsSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { formatProblem, LecternError, type Problem } from "../../components/problem/problem.ts";
import { planHubploy } from "./hubploy.ts";
import type { ImportPlan, Layout, RunningRelease } from "./plan.ts";
import { plan2i2c } from "./two-i2c.ts";

export interface ImportOptions {
  readonly out: string;
  readonly chart?: string;
  readonly json?: boolean;
}

/**
 * `lectern import`: a catalog from a repository of another tool. Nothing that exists is overwritten.
 * @returns the exit code: 0 written, 1 refused, and then nothing is written
 */
export async function importCatalog(layout: Layout, dir: string, options: ImportOptions): Promise<0 | 1> {
  try {
    const root = resolve(dir);
    const { chart } = options;
    const plan =
      layout === "hubploy" ? planHubploy(root, chart === undefined ? {} : { chart }) : plan2i2c(root);
    const catalog = resolve(options.out);
    refuseExisting(plan, catalog);
    await write(plan, catalog);
    process.stdout.write(options.json ? documentOf(plan) : textOf(plan, relative("", catalog) || "."));
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    for (const problem of error.problems) process.stderr.write(`error: ${formatProblem(problem)}\n`);
    return 1;
  }
}

function refuseExisting(plan: ImportPlan, catalog: string): void {
  const existing = [...plan.files.keys()].filter((path) => existsSync(join(catalog, path)));
  const problems = existing.map(
    (path): Problem => ({
      code: "existing-file",
      severity: "error",
      file: join(relative("", catalog), path),
      message: "the file exists already, and an import overwrites nothing",
      remedy: "Import into another folder with --out, or remove the file",
    }),
  );
  if (problems.length > 0) throw new LecternError(problems);
}

async function write(plan: ImportPlan, catalog: string): Promise<void> {
  for (const [path, content] of plan.files) {
    const to = join(catalog, path);
    await mkdir(dirname(to), { recursive: true });
    if ("text" in content) await writeFile(to, content.text, { flag: "wx" });
    else await copyFile(content.from, to, constants.COPYFILE_EXCL);
  }
}

/** The command that takes a running release over. */
const importOf = ({ environment, resource, namespace, release }: RunningRelease) =>
  `pulumi import --stack ${environment} --generate-code=false kubernetes:helm.sh/v3:Release ${resource} ${namespace}/${release}`;

function documentOf({ files, notes, releases }: ImportPlan): string {
  const document = { written: [...files.keys()].sort(), notes, imports: releases.map(importOf) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function textOf({ files, notes, releases }: ImportPlan, catalog: string): string {
  const clusters = [...files.keys()].filter((path) => path.endsWith("/cluster.yaml")).length;
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  return [
    `Wrote ${count(files.size, "file")} below ${catalog}: ${count(clusters, "cluster")}, ${count(releases.length, "release")}.`,
    ...(notes.length > 0 ? ["", "To do by hand:", ...grouped(notes)] : []),
    "",
    "Take the running releases over before the first deployment, while the kubeconfig's current context is the cluster's:",
    ...releases.map((release) => `  ${importOf(release)}`),
    "",
  ].join("\n");
}

/** What is to do, with all files that it is to do for. */
function grouped(notes: readonly Problem[]): string[] {
  const groups = Map.groupBy(notes, ({ file: _, ...what }) => formatProblem(what));
  return [...groups].flatMap(([what, some]) => {
    const files = some.flatMap(({ file = "" }) => file);
    return files.length === 1
      ? [`- ${files[0]}: ${what}`]
      : [`- ${what}`, ...files.map((file) => `    ${file}`)];
  });
}
