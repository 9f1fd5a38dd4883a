import { statSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import {
  type ArticlePlace,
  checkArticles,
  type Verdict,
} from "../../components/article/source/check-many.ts";
import type { CheckRule, ReadOptions } from "../../components/article/source/types.ts";
import { columnsOf } from "../../plan/layout.ts";
import type { DeclarationPlace } from "./declarations.ts";
import { type DeclaredKernels, kernelsOf } from "./declared-kernels.ts";
import { placesIn, sectionOf } from "./places.ts";
import { type Note, printJson, printPlain, printPretty, type Report } from "./validate-report.ts";

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
  /** How wide the terminal is. @default no limit */
  readonly columns?: number;
}

const STANDARD: Printer = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  pretty: process.stdout.isTTY === true,
  colours: !process.env["NO_COLOR"],
  columns: columnsOf(process.stdout),
};

const RULES: Readonly<Record<string, CheckRule>> = {
  credentials: "credentials",
  "active-content": "activeContent",
  "missing-images": "missingImages",
};

/**
 * Checks every article, kernel and cluster in the folders as a deployment would.
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
  const found = dirs.map((dir) => placesIn(resolve(dir)));
  const places = found.flatMap(({ articles }) => articles);
  const declarations = found.flatMap((one) => one.declarations);
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
  const report: Report = {
    verdicts: [...verdicts, ...(await checked(declarations))],
    notes: [...notes, ...found.flatMap(({ unknown }) => unknown.map(notDeployed))],
    seconds: (performance.now() - started) / 1000,
  };
  printer.out(printed(report, options, printer));
  const failed = report.verdicts.some(({ problems }) =>
    problems.some(({ severity }) => severity === "error"),
  );
  return failed ? 1 : 0;
}

function printed(
  report: Report,
  { json }: ValidateOptions,
  { pretty, colours = true, columns }: Printer,
): string {
  if (json) return printJson(report);
  if (!pretty) return printPlain(report);
  const text = printPretty(report, columns);
  return colours ? text : stripVTControlCharacters(text);
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

/** Loads what reads kernels and clusters only where there are some: a course alone is checked sooner. */
async function checked(places: readonly DeclarationPlace[]): Promise<Report["verdicts"]> {
  if (places.length === 0) return [];
  const { checkDeclarations } = await import("./declarations.ts");
  return checkDeclarations(places);
}

const notDeployed = (folder: string): Note =>
  `${relative(process.cwd(), folder)} is not deployed, as a catalog has courses, blogs, kernels, clusters, charts and images; rename it, or begin its name with "_"`;

/** The kernels named on the command line, else those declared next to the articles' folders. */
async function kernelsFor(
  places: readonly ArticlePlace[],
  { kernels }: ValidateOptions,
): Promise<DeclaredKernels> {
  if (places.length === 0) return { notes: [] };
  if (kernels !== undefined) return { declaredKernels: new Set(listOf(kernels)), notes: [] };
  // Two levels above a folder that is in no section of a catalog, kernels/ may be anything.
  const sections = places.map(({ folder }) => dirname(folder)).filter((path) => sectionOf(basename(path)));
  return kernelsOf(new Set(sections.map((path) => dirname(path))));
}
