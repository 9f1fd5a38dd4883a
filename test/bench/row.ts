/** One line of a bench's table. */
export interface Row {
  /** What was measured, with its size. */
  readonly what: string;
  /** With its unit. */
  readonly measured: string;
  /** What the project set itself, with its unit. */
  readonly target: string;
  readonly met: boolean;
}
