import { join } from "node:path";
import { projectFolder } from "../stacks/project-folder.ts";

/** The folder for the state where `--state` names no other, wherever in the project the command is called. */
export const defaultState = (): string => join(projectFolder(), ".lectern");

/** A command of the sandbox and its options. */
export interface SandboxOptions {
  readonly command: "try" | "preview" | "up" | "refresh" | "destroy" | "serve" | "reset";
  readonly json?: boolean;
  /** What deploys: the sandbox's own engine, or the Pulumi CLI that is on PATH. */
  readonly engine: "sandbox" | "pulumi";
  readonly stack: string;
  /** Relative to the working directory. */
  readonly catalog?: string;
  /** Relative to the working directory. */
  readonly state: string;
  /** A qBook API on loopback instead of the stand-in. */
  readonly api?: string;
  /** The kubeconfig of a real cluster, on which hubs are installed; only with the Pulumi CLI. */
  readonly kubeconfig?: string;
  /** Settings in addition to those of the stack's file: `key=value`, as for Pulumi's own option. */
  readonly config: readonly string[];
  /** The moment that a preview is of, instead of now. */
  readonly at?: string;
  /** What a person confirmed at a question, in addition to `lectern:confirmRemovals`. */
  readonly confirmed?: readonly string[];
  readonly parallel: number;
  readonly target: readonly string[];
  readonly continueOnError?: boolean;
  readonly expectNoChanges?: boolean;
  /** Only for `try`: whether the services keep running afterwards. */
  readonly serve?: boolean;
  /** Only for `serve`: whether the catalog is deployed at the start, and whenever it changes. */
  readonly watch?: boolean;
}
