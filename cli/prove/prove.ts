import pLimit from "p-limit";
import { didYouMean } from "../../components/problem/nearest.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { lectureOf } from "../../components/proof/lecture/lecture-file.ts";
import { type ProofSubject, proofSubjects } from "../../components/proof/proof-subjects.ts";
import { planProofs, runProofs } from "../../components/proof/prove.ts";
import type { ProofResult } from "../../components/proof/result/proof-result.ts";
import { systemClock } from "../../components/resource/context/clock.ts";
import { type ArticleEntry, articlesIn, discoverCatalog } from "../../stacks/catalog.ts";
import { kernelsOf, type NamedKernel } from "../../stacks/kernels/proving-kernels.ts";
import { projectFolder } from "../../stacks/project-folder.ts";
import { closingLine, planLines, resultLines } from "./proof-lines.ts";
import { type ProvenKernel, provenKernels } from "./proven-kernels.ts";
import { type ProvingPlace, sandboxPlace, stackPlace } from "./proving-place.ts";

export interface ProveOptions {
  readonly stack?: string;
  readonly image?: string;
  readonly catalog?: string;
  readonly parallel: number;
  readonly json?: boolean;
}

/** Where the command prints. */
export interface Printer {
  out(line: string): void;
  err(line: string): void;
}

const terminal: Printer = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
};

/** Opens the place where notebooks are run. */
type Open = (project: string, print: (line: string) => void) => Promise<ProvingPlace>;

/** Opens a stack's gateways, or without one the sandbox's. */
const opener =
  ({ stack }: ProveOptions): Open =>
  (project, print) =>
    stack === undefined ? sandboxPlace(project, print) : stackPlace(stack, project, print);

/**
 * `lectern prove`: runs the notebooks of courses. With `--json`, standard output has the document alone.
 * @returns the exit code: 0 all passed, 1 something could not be run, 3 a notebook failed
 */
export async function prove(
  courses: readonly string[],
  options: ProveOptions,
  { out, err }: Printer = terminal,
  open = opener(options),
): Promise<0 | 1 | 3> {
  const started = performance.now();
  const tell = options.json ? err : out;
  try {
    const proof = await proveCourses(courses, options, tell, open);
    const seconds = (performance.now() - started) / 1000;
    const failed = proof.results.some(({ outcome }) => outcome === "failed");
    if (options.json)
      out(JSON.stringify({ ok: !failed, ...proof, seconds: Number(seconds.toFixed(1)) }, null, 2));
    else out(closingLine(proof.results, seconds));
    return failed ? 3 : 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    err(error.message);
    return 1;
  }
}

interface Skipped {
  readonly course: string;
  readonly notebook: string;
  readonly kernel: string;
}

interface Proof {
  readonly ran: number;
  readonly known: number;
  readonly results: readonly ProofResult[];
  readonly skipped: readonly Skipped[];
}

async function proveCourses(
  named: readonly string[],
  options: ProveOptions,
  tell: (line: string) => void,
  open: Open,
): Promise<Proof> {
  const project = projectFolder();
  const catalog = await discoverCatalog(options.catalog ?? "catalog");
  const courses = chosen(articlesIn(catalog), named);
  const lectures = await Promise.all(
    courses.map(async (course) => ({ course, lecture: await lectureOf(course.folder) })),
  );
  const kernelNames = new Set(
    lectures.flatMap(({ lecture }) => lecture.notebooks.map(({ kernel }) => kernel)),
  );
  const place = await open(project, tell);
  try {
    const kernels = await provenKernels(catalog, kernelNames, place, options.image);
    const skipped = lectures.flatMap(({ course: { id: course }, lecture }) =>
      lecture.notebooks
        .filter(({ kernel }) => !kernels.has(kernel))
        .map(({ path: notebook, kernel }) => ({ course, notebook, kernel })),
    );
    for (const { course, notebook, kernel } of skipped)
      tell(
        `- ${course}  ${notebook}  is on ${JSON.stringify(kernel)}, which is no kernel of the catalog on a gateway`,
      );
    const limit = pLimit(8);
    const subjects = (
      await Promise.all(
        courses.map((course) => limit(() => proofSubjects(course, (kernel) => on(kernels, kernel)))),
      )
    ).flat();
    return { ...(await runAll(subjects, kernels, place, options, tell)), skipped };
  } catch (error) {
    throw place.context.signal.aborted ? interrupted() : error;
  } finally {
    await place.close();
  }
}

const interrupted = () =>
  new LecternError({
    code: "interrupted",
    severity: "error",
    message:
      "interrupted; the kernels that ran are ended, and the results of notebooks that had ended are kept",
    remedy: "Run the command again: it goes on with the others",
  });

function on(kernels: ReadonlyMap<string, ProvenKernel>, name: string) {
  const kernel = kernels.get(name);
  return kernel && { image: kernel.image, language: kernel.declaration.language };
}

async function runAll(
  subjects: readonly ProofSubject[],
  kernels: ReadonlyMap<string, ProvenKernel>,
  { context, store, owner }: ProvingPlace,
  { parallel }: ProveOptions,
  tell: (line: string) => void,
): Promise<Omit<Proof, "skipped">> {
  const plan = await planProofs(subjects, store);
  for (const line of planLines(plan)) tell(line);
  for (const result of plan.known) for (const line of resultLines(result, ", known")) tell(line);
  const results = await runProofs(plan.toRun, {
    kernels: kernelsOf(named(kernels), owner, context.signal),
    store,
    clock: systemClock,
    signal: context.signal,
    parallel,
    onResult: (result) => {
      for (const line of resultLines(result, "")) tell(line);
    },
  });
  const all = [...plan.known, ...results].sort(byPlace);
  return { ran: results.length, known: plan.known.length, results: all };
}

/** How each kernel is started on the gateway that has it. */
const named = (kernels: ReadonlyMap<string, ProvenKernel>): ReadonlyMap<string, NamedKernel> =>
  new Map(
    [...kernels].map(([displayName, { client, gateway, declaration, username }]) => {
      const startTimeout = (declaration.smoke?.timeout ?? gateway.config.smoke.timeout) * 1000;
      return [displayName, { spec: declaration.name, client, username, startTimeout }];
    }),
  );

const byPlace = (a: ProofResult, b: ProofResult) =>
  `${a.course}\0${a.notebook}`.localeCompare(`${b.course}\0${b.notebook}`, "en", { numeric: true });

/** @throws {LecternError} where a name is none of a course */
function chosen(all: readonly ArticleEntry[], named: readonly string[]): readonly ArticleEntry[] {
  if (named.length === 0) return all;
  const isOf = (name: string, { id, folder }: ArticleEntry) =>
    id === name || id.slice(id.indexOf("/") + 1) === name || folder === name.replace(/\/$/, "");
  const unknown = named.filter((name) => !all.some((course) => isOf(name, course)));
  if (unknown.length > 0) throw new LecternError(unknown.map((name) => unknownCourse(name, all)));
  return all.filter((course) => named.some((name) => isOf(name, course)));
}

function unknownCourse(name: string, all: readonly ArticleEntry[]) {
  const names = all.map(({ id }) => id.slice(id.indexOf("/") + 1));
  return {
    code: "unknown-course",
    severity: "error" as const,
    message: `the catalog has no course or blog ${JSON.stringify(name)}`,
    remedy: didYouMean(name, names, names.length === 0 ? "It has none" : `It has ${names.join(", ")}`),
  };
}
