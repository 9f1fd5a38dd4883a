import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";
import { z } from "zod";
import { jsonOf } from "../../components/problem/json.ts";
import { LecternError, type Problem } from "../../components/problem/problem.ts";
import { problemSchema } from "../../components/problem/problem-schema.ts";
import { zodProblems } from "../../components/problem/zod.ts";
import type { FailedPreview } from "../../plan/comment/comment-input.ts";
import { type NotPreviewed, notPreviewedSchema } from "../../plan/comment/not-previewed.ts";
import { type StackView, stackView } from "../../plan/comment/preview/stack-view.ts";
import { viewIn } from "../../plan/comment/preview/view-file.ts";
import { environmentOf } from "../../stacks/shards/stack-name.ts";

/** A stack's preview, as far as it gave a plan. */
export type ReadPreview = { readonly view: StackView } | { readonly failed: FailedPreview };

/**
 * Reads what `pulumi preview --json` printed of a stack, or the view of it that another job wrote. One that is no
 * document is a preview that failed: the comment says so.
 * @param argument `staging=staging.json`
 * @throws {LecternError} where it is no such argument, or the file can't be read
 */
export async function readStackPreview(argument: string): Promise<ReadPreview> {
  const [, name = "", file = ""] = /^([^=]+)=(.+)$/s.exec(argument) ?? [];
  if (name === "" || file === "") throw noPreview(argument);
  // The full name of a stack has its organization and project before it.
  const stack = name.split("/").at(-1) ?? name;
  const environment = environmentOf(stack);
  const text = await textIn(file);
  const document = jsonOf(text);
  if (document === undefined) return { failed: { stack, environment, failure: failureIn(text) } };
  const view = viewIn(document, file);
  return { view: view ? { ...view, stack, environment } : stackView(stack, environment, document) };
}

/** An early failure of the CLI is printed as text. */
function failureIn(text: string): string {
  const error = /error: (.+)/.exec(text)?.[1] ?? text.trim().split("\n")[0];
  return error || "it printed nothing; the run's log has the reason";
}

/** @throws {LecternError} where the file can't be read, or is no JSON */
export async function readJson(file: string): Promise<unknown> {
  const document = jsonOf(await textIn(file));
  if (document !== undefined) return document;
  throw new LecternError({
    code: "no-json",
    severity: "error",
    file,
    message: "the file is not JSON",
    remedy: "Check the command that wrote it",
  });
}

/** @throws {LecternError} where the file can't be read */
export async function textIn(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new LecternError({
      code: "unreadable-file",
      severity: "error",
      file,
      message: `the file can't be read (${error.code})`,
      remedy: "Name a file that exists",
    });
  });
}

const checked = z
  .array(z.object({ folder: z.string(), problems: z.array(problemSchema.omit({ snippet: true })) }))
  .default([]);
const validationSchema = z.object({ articles: checked, declarations: checked });

/**
 * The problems in what `lectern validate --json` printed, with files relative to the folder that it ran in.
 * @throws {LecternError} where the document is of another shape
 */
export async function readProblems(file: string): Promise<Problem[]> {
  const found = validationSchema.safeParse(await readJson(file));
  if (!found.success) throw new LecternError(zodProblems(found.error, { file }));
  const { articles, declarations } = found.data;
  return [...articles, ...declarations].flatMap(({ folder, problems }) =>
    problems.map((problem) => placed(problem, folder)),
  );
}

/**
 * Why there is no preview with credentials; undefined where the job that decides wrote no file, as there is one.
 * @throws {LecternError} where the file is of another shape
 */
export async function readNotPreviewed(file: string): Promise<NotPreviewed | undefined> {
  if (!existsSync(file)) return undefined;
  const found = notPreviewedSchema.safeParse(await readJson(file));
  if (found.success) return found.data;
  throw new LecternError(zodProblems(found.error, { file }));
}

function placed(problem: Problem, folder: string): Problem {
  const whole = problem.file === undefined ? folder : join(folder, problem.file);
  return { ...problem, file: isAbsolute(whole) ? relative(process.cwd(), whole) : whole };
}

const noPreview = (argument: string) =>
  new LecternError({
    code: "usage",
    severity: "error",
    path: "--preview",
    message: `${JSON.stringify(argument)} does not name a stack and a file`,
    remedy: "Write STACK=FILE, such as staging=staging.json",
  });
