import type { ProjectFiles } from "./project-files.ts";

/** Adapts a repository's files to a version. It may be applied again, and changes nothing then. */
export interface Codemod {
  /** The first version that needs it. */
  readonly since: string;
  /** What it does, for people. */
  readonly description: string;
  /** @returns what a person has to decide, one sentence each */
  apply(files: ProjectFiles): readonly string[];
}
