import { statSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import type { CheckRule, ReadOptions } from "../../components/article/source/types.ts";
import { columnsOf } from "../../plan/terminal/layout.ts";
import { annotationLines } from "../comment/annotations.ts";
import { checkFolders } from "./check-folders.ts";
import { placedProblems, printJson, printPlain, printPretty, type Report } from "./validate-report.ts";

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
  /** Whether problems are printed where GitHub Actions shows them beside the line, too. */
  readonly annotations?: boolean;
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
  const wrong = usageFault(dirs, options);
  if (wrong !== undefined) {
    printer.err(`lectern validate: ${wrong}\n`);
    return 2;
  }
  const { embedHosts, kernels } = options;
  const report = await checkFolders(dirs, {
    rules: rulesOf(options),
    ...(kernels !== undefined && { kernels: listOf(kernels) }),
    ...(embedHosts !== undefined && { embedHosts: listOf(embedHosts) }),
  });
  printer.out(printed(report, options, printer));
  if (options.annotations) {
    for (const line of annotationLines(placedProblems(report))) printer.err(`${line}\n`);
  }
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
