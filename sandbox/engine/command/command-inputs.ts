/** What a command printed, without the line break at its end. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** What the two kinds of command take alike. */
export interface CommandInputs {
  readonly create?: string;
  /** @default `create` */
  readonly update?: string;
  readonly delete?: string;
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Local commands only. */
  readonly dir?: string;
  /** Local commands only. @default /bin/sh -c */
  readonly interpreter?: readonly string[];
}
