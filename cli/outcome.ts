/** How a command ends, and what it prints for machines. */
export interface Outcome {
  /** Calls of the command without `lectern` before it, most common first. */
  readonly examples: readonly string[];
  /** What exit code 0 means. */
  readonly success: string;
  /** What exit code 1 means. A command without it fails only on a bug. */
  readonly failure?: string;
  /** What exit code 3 means: the answer of a command that is asked a question is no. */
  readonly no?: string;
  /** The document that `--json` prints, for commands that have that option. */
  readonly json?: string;
}
