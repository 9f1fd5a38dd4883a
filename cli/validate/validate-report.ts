import { basename, join, relative } from "node:path";
import { styleText } from "node:util";
import type { Verdict } from "../../components/article/source/check-many.ts";
import { formatProblem, type Problem } from "../../components/problem/problem.ts";
import { type Columns, wrapped } from "../../plan/terminal/layout.ts";
import type { DeclarationVerdict } from "./declarations.ts";

/** A remark about the run itself, one sentence without a full stop. */
export type Note = string;

/** What was found in an article, a kernel, a cluster, a chart, an image or a calendar. */
type Checked = Verdict | DeclarationVerdict;

const isArticle = (one: Checked): one is Verdict => one.place.kind === "course" || one.place.kind === "blog";

/** What a run of `lectern validate` found. */
export interface Report {
  readonly verdicts: readonly Checked[];
  readonly notes: readonly Note[];
  readonly seconds: number;
}

/** One JSON document. */
export function printJson({ verdicts, notes, seconds }: Report): string {
  const articles = verdicts.filter(isArticle);
  const declarations = verdicts.filter((one) => !isArticle(one));
  const { errors, warnings } = countsOf(verdicts);
  const counts = { articles: articles.length, declarations: declarations.length, errors, warnings };
  const document = {
    articles: articles.map((one) => ({
      ...placed(one),
      fingerprint: one.fingerprint ?? null,
      problems: one.problems,
    })),
    declarations: declarations.map((one) => ({ ...placed(one), problems: one.problems })),
    summary: { ...counts, seconds: Number(seconds.toFixed(3)), notes },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const placed = ({ place: { folder, kind } }: Checked) => ({ folder, kind, slug: basename(folder) });

/** Every problem, with its file from where the command runs. */
export const placedProblems = ({ verdicts }: Report): Problem[] =>
  verdicts.flatMap(({ place, problems }) =>
    problems.map((problem) => ({ ...problem, file: join(shown(place.folder), problem.file ?? "/") })),
  );

/** One line per problem, as compilers print them, for pipes and logs. */
export function printPlain(report: Report): string {
  const lines = placedProblems(report).map(
    (problem) => `${problem.severity}: ${harmless(formatProblem(problem))} [${problem.code}]`,
  );
  const notes = report.notes.map((note) => `note: ${note}.`);
  return `${[...lines, ...notes, summaryOf(report)].join("\n")}\n`;
}

/** Grouped by article and file, with the offending text, for a terminal. */
export function printPretty(report: Report, columns: Columns = Number.POSITIVE_INFINITY): string {
  const groups = report.verdicts
    .filter(({ problems }) => problems.length > 0)
    .map(({ place, problems }) => {
      const head = `${mark(problems)} ${paint("bold", harmless(basename(place.folder)))} ${paint("dim", harmless(shown(place.folder)))}`;
      return [head, ...[...byFile(problems)].flatMap(([file, list]) => fileLines(file, list, columns)), ""];
    });
  const clean = report.verdicts.filter(({ problems }) => problems.length === 0);
  const names = clean.map(({ place }) => harmless(basename(place.folder)));
  const fine = names.length === 0 ? [] : [`${paint("green", "✓")} ${listed(names)}`, ""];
  const notes = report.notes.flatMap((note) =>
    wrapped(`${note}.`, columns).map((line) => paint("dim", line)),
  );
  return `\n${[...groups.flat(), ...fine, ...notes, closing(report)].join("\n")}\n`;
}

function byFile(problems: readonly Problem[]): Map<string, Problem[]> {
  const files = new Map<string, Problem[]>();
  for (const problem of problems) {
    const file = problem.file ?? "";
    files.set(file, [...(files.get(file) ?? []), problem]);
  }
  return files;
}

function fileLines(file: string, problems: readonly Problem[], columns: Columns): string[] {
  const inOrder = [...problems].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
  const places = inOrder.map(({ line, column }) => (line === undefined ? "" : `${line}:${column ?? 1}`));
  const width = Math.max(...places.map((place) => place.length));
  const indent = " ".repeat(width + 6);
  return [
    `  ${paint("underline", harmless(file))}`,
    ...inOrder.flatMap(({ severity, message, remedy, snippet, code, path }, index) => {
      const sign = severity === "error" ? paint("red", "✗") : paint("yellow", "!");
      const where = paint(
        "dim",
        [path, code]
          .filter(Boolean)
          .map((part) => harmless(String(part)))
          .join("  "),
      );
      const place = paint("dim", (places[index] ?? "").padStart(width));
      return [
        ...wrapped(`  ${place}  ${sign} ${harmless(message)}`, columns, indent.length),
        ...(snippet ? [`${indent}${paint("dim", "│")} ${paint("cyan", harmless(snippet))}`] : []),
        ...wrapped(
          `${indent}${paint("green", "→")} ${harmless(remedy)}  ${where}`,
          columns,
          indent.length + 2,
        ),
      ];
    }),
  ];
}

function mark(problems: readonly Problem[]): string {
  return problems.some(({ severity }) => severity === "error") ? paint("red", "✗") : paint("yellow", "!");
}

function closing(report: Report): string {
  const { errors, warnings } = countsOf(report.verdicts);
  const color = errors > 0 ? "red" : warnings > 0 ? "yellow" : "green";
  return paint([color, "bold"], summaryOf(report));
}

function summaryOf({ verdicts, seconds }: Report): string {
  const { errors, warnings, concerned } = countsOf(verdicts);
  const counts = [counted(errors, "error"), counted(warnings, "warning")].filter(
    (text) => !text.startsWith("0 "),
  );
  const found = counts.length === 0 ? "no problems found" : `${counts.join(" and ")} in ${concerned} of them`;
  const one = verdicts.length === 1 && counts.length > 0 ? counts.join(" and ") : found;
  return `${subjects(verdicts)} checked, ${one} (${seconds.toFixed(seconds < 1 ? 2 : 1)} s)`;
}

/** `3 articles, 2 kernels, 1 cluster and 2 charts`. */
function subjects(verdicts: readonly Checked[]): string {
  const count = (...kinds: readonly string[]) =>
    verdicts.filter(({ place }) => kinds.includes(place.kind)).length;
  const counts = [
    [count("course", "blog"), "article"],
    [count("kernel"), "kernel"],
    [count("cluster"), "cluster"],
    [count("chart"), "chart"],
    [count("image"), "image"],
    [count("calendar"), "calendar"],
  ] as const;
  const parts = counts.flatMap(([number, noun]) => (number > 0 ? [counted(number, noun)] : []));
  if (parts.length === 0) return counted(0, "article");
  return parts.length === 1 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

function countsOf(verdicts: readonly Checked[]): { errors: number; warnings: number; concerned: number } {
  const all = verdicts.flatMap(({ problems }) => problems);
  const errors = all.filter(({ severity }) => severity === "error").length;
  const concerned = verdicts.filter(({ problems }) => problems.length > 0).length;
  return { errors, warnings: all.length - errors, concerned };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The first names, and how many more there are. */
function listed(names: readonly string[]): string {
  return names.length <= 8
    ? names.join(", ")
    : `${names.slice(0, 7).join(", ")} and ${names.length - 7} more`;
}

function shown(folder: string): string {
  const path = relative(process.cwd(), folder);
  return path === "" ? "." : path.startsWith("..") ? folder : path;
}

/** Text from files must not control the terminal. */
function harmless(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "�");
}

/** Always with colours: the caller decides whether to keep them. */
function paint(format: Parameters<typeof styleText>[0], text: string): string {
  return styleText(format, text, { validateStream: false });
}
