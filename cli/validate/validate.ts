import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import {
  type ArticlePlace,
  checkArticles,
  type Verdict,
} from "../../components/article/source/check-many.ts";
import type { CheckRule, ReadOptions } from "../../components/article/source/types.ts";
import { type DeclaredKernels, kernelsOf } from "./declared-kernels.ts";
import { printJson, printPlain, printPretty, type Report } from "./validate-report.ts";

/** The options of `lectern validate`. */
export interface ValidateOptions {
  /** One JSON document instead of text. */
  readonly json?: boolean;
  /** Rules that only warn, comma-separated: credentials, active-content, missing-images. */
  readonly warn?: string;
  /** Display names of the kernels that exist, comma-separated. @default those of `kernels/` next to the articles */
  readonly kernels?: string;
  /** Sites that may be embedded, comma-separated. @default the stacks' default */
  readonly embedHosts?: string;
}

/** Where text goes: standard output and error, or a test. */
export interface Printer {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether a person is reading: groups instead of one line per problem. */
  readonly pretty: boolean;
  /** Whether to use colours. @default true */
  readonly colours?: boolean;
}

const STANDARD: Printer = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  pretty: process.stdout.isTTY === true,
  colours: !process.env["NO_COLOR"],
};

const RULES: Readonly<Record<string, CheckRule>> = {
  credentials: "credentials",
  "active-content": "activeContent",
  "missing-images": "missingImages",
};

/**
 * Checks every article in the folders as a deployment would.
 * @returns the exit code: 0 no errors (warnings allowed), 1 errors, 2 wrong usage
 */
export async function validate(
  dirs: readonly string[],
  options: ValidateOptions,
  printer: Printer = STANDARD,
): Promise<number> {
  const started = performance.now();
  const wrong = usageFault(dirs, options);
  if (wrong !== undefined) {
    printer.err(`lectern validate: ${wrong}\n`);
    return 2;
  }
  const places = dirs.flatMap((dir) => articlesIn(resolve(dir)));
  const { declaredKernels, notes } = await kernelsFor(places, options);
  const { embedHosts } = options;
  const readOptions: ReadOptions = {
    declaredKernels,
    rules: rulesOf(options),
    ...(embedHosts !== undefined && { embedHosts: listOf(embedHosts) }),
  };
  const verdicts: Verdict[] = [];
  for await (const verdict of checkArticles(places, readOptions)) {
    verdicts.push(verdict);
  }
  const report: Report = { verdicts, notes, seconds: (performance.now() - started) / 1000 };
  printer.out(printed(report, options, printer));
  const failed = verdicts.some(({ problems }) => problems.some(({ severity }) => severity === "error"));
  return failed ? 1 : 0;
}

function printed(report: Report, { json }: ValidateOptions, { pretty, colours = true }: Printer): string {
  if (json) return printJson(report);
  if (!pretty) return printPlain(report);
  return colours ? printPretty(report) : stripVTControlCharacters(printPretty(report));
}

function usageFault(dirs: readonly string[], { warn = "" }: ValidateOptions): string | undefined {
  const missing = dirs.find((dir) => !statSync(dir, { throwIfNoEntry: false })?.isDirectory());
  if (missing !== undefined) return `${missing} is not a folder`;
  const unknown = listOf(warn).find((rule) => !(rule in RULES));
  if (unknown === undefined) return undefined;
  return `unknown rule ${JSON.stringify(unknown)} in --warn. Use one of ${Object.keys(RULES).join(", ")}`;
}

function listOf(text: string): string[] {
  return text.split(",").flatMap((name) => name.trim() || []);
}

function rulesOf({ warn = "" }: ValidateOptions): ReadOptions["rules"] {
  return Object.fromEntries(listOf(warn).map((rule) => [RULES[rule], "warning"]));
}

/**
 * A folder with a `course.json` is an article; every folder in one named `courses` or `blogs` is an article;
 * a folder that contains those two is a catalog. Any other folder counts as an article without its file.
 */
function articlesIn(folder: string): ArticlePlace[] {
  if (isArticle(folder)) return [placeOf(folder)];
  const inside = foldersIn(folder);
  if (/^(?:courses|blogs)$/.test(basename(folder))) return inside.map(placeOf);
  const shelves = inside.filter((path) => /^(?:courses|blogs)$/.test(basename(path)));
  if (shelves.length > 0) return shelves.flatMap((shelf) => foldersIn(shelf).map(placeOf));
  const articles = inside.filter(isArticle);
  return articles.length > 0 ? articles.map(placeOf) : [placeOf(folder)];
}

function isArticle(folder: string): boolean {
  return existsSync(join(folder, "course.json"));
}

/** The folders that a deployment reads: names that begin with `.` or `_` are drafts and notes. */
function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !/^[._]/.test(entry.name) && entry.name !== "node_modules")
    .map(({ name }) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory())
    .sort();
}

function placeOf(folder: string): ArticlePlace {
  return { folder, kind: basename(dirname(folder)) === "blogs" ? "blog" : "course" };
}

/** The kernels named on the command line, else those declared next to the articles' folders. */
async function kernelsFor(
  places: readonly ArticlePlace[],
  { kernels }: ValidateOptions,
): Promise<DeclaredKernels> {
  if (kernels !== undefined) return { declaredKernels: new Set(listOf(kernels)), notes: [] };
  return kernelsOf(new Set(places.map(({ folder }) => dirname(dirname(folder)))));
}
