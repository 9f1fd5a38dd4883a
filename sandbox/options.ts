/** What a person asks of the sandbox on its command line. */
export interface SandboxOptions {
  readonly command: "try" | "preview" | "up" | "refresh" | "destroy" | "serve" | "reset";
  readonly json?: boolean;
  readonly stack: string;
  /** Relative to the folder that the command was called in. */
  readonly catalog?: string;
  /** Relative to the folder that the command was called in. */
  readonly state: string;
  /** A qBook API on loopback instead of the stand-in. */
  readonly api?: string;
  /** Settings beside those of the stack's file: `key=value`, as Pulumi's own option takes them. */
  readonly config: readonly string[];
  readonly parallel: number;
  readonly target: readonly string[];
  readonly continueOnError?: boolean;
  readonly expectNoChanges?: boolean;
  /** Only of `try`: whether the links stay open afterwards. */
  readonly serve?: boolean;
}
