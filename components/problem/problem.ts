/** How bad a problem is: an `error` stops the deployment, a `warning` is only reported. */
export type Severity = "error" | "warning";

/**
 * One thing that is wrong with what a person wrote, and how to fix it.
 * The same shape serves every reader of files and configuration.
 */
export interface Problem {
  /** A stable kebab-case word for the kind of problem, e.g. `unknown-key`. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, one sentence without a full stop at its end. */
  readonly message: string;
  /** What to do about it, one sentence in the imperative. */
  readonly remedy: string;
  /** The file, relative to the folder that was read, or a configuration file's name. */
  readonly file?: string;
  /** The field: a JSON path such as `content[1].kernelId`, or a configuration key. */
  readonly path?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  /** The offending text, one line, shortened, never a secret. */
  readonly snippet?: string;
}

/** A user error: it carries its problems and prints without a stack trace. */
export class LecternError extends Error {
  override readonly name: string = "LecternError";
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[]) {
    const all = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(all.map(formatProblem).join("\n"));
    this.problems = all;
  }
}

/** `file:line:column path: message. Remedy.` in one line; the parts that are missing are left out. */
export function formatProblem(problem: Problem): string {
  const place = problem.file
    ? [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(":")
    : "";
  const where = [place, problem.path].filter((part) => part).join(" ");
  // What another program printed ends with its line.
  const message = problem.message.endsWith("\n") ? problem.message : `${problem.message}. `;
  return `${where ? `${where}: ` : ""}${message}${problem.remedy}${/[.!?]$/.test(problem.remedy) ? "" : "."}`;
}
