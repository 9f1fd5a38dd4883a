import type { Diagnostic, Operation, RunEvent, Step, StepOp } from "../../plan/model.ts";
import type { Adapter } from "./provider/adapter.ts";
import type { PropertyMap } from "./value/values.ts";

export interface RunOptions {
  readonly operation: Operation;
  /** With `refresh` and `destroy`: only says what it would do. `preview` is always so. */
  readonly dryRun?: boolean;
  /** The folder that holds Pulumi.yaml and package.json; absolute. */
  readonly projectRoot: string;
  /** The program, relative to the project's root. @default "." (package.json's `main`) */
  readonly main?: string;
  readonly project: string;
  readonly stack: string;
  /** The stack's configuration, decrypted: full keys (`lectern:apiUrl`), structured values as JSON text. */
  readonly config: Readonly<Record<string, string>>;
  /** The keys of `config` whose values are secret. */
  readonly secretKeys?: readonly string[];
  /** Where the states of this project's stacks are: `<stack>.json`, one file a stack. */
  readonly stateFolder: string;
  /** Whether the caller holds the state's lock. @default false: the run takes it */
  readonly locked?: boolean;
  /**
   * What secrets in the state are encrypted with, as Pulumi's passphrase provider does.
   * @default the text of `<stateFolder>/passphrase`, which is made when it is first needed
   */
  readonly passphrase?: string;
  /** How many provider calls may run at once. @default 16 */
  readonly parallel?: number;
  /** Go on after a failure with what does not depend on it. */
  readonly continueOnError?: boolean;
  /** Act only on these: URNs in which `*` matches within a part and `**` across parts. */
  readonly targets?: readonly string[];
  /** Aborting it shuts the run down: no further step starts, and those that run finish and are saved. */
  readonly signal?: AbortSignal;
  /** Aborting it as well ends the run at once: the program and the providers are killed. */
  readonly killSignal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
  /** Who serves the resources of other packages, by package name: `{ kubernetes: () => … }`. */
  readonly adapters?: Readonly<Record<string, () => Promise<Adapter>>>;
  /** Packages whose own plugins serve their resources; only on the Pulumi CLI. */
  readonly plugins?: readonly string[];
}

export interface RunResult {
  /** False where anything failed, or where the run was cancelled. */
  readonly ok: boolean;
  readonly cancelled: boolean;
  /** In the order in which they finished; the providers' own resources are left out. */
  readonly steps: readonly Step[];
  /** How many steps of each kind succeeded. */
  readonly summary: Readonly<Partial<Record<StepOp, number>>>;
  /** The stack's outputs; each secret is `[secret]`. In a preview, unknown ones are left out. */
  readonly outputs: PropertyMap;
  readonly diagnostics: readonly Diagnostic[];
}
