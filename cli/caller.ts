import { join } from "node:path";

/** The scripts of package.json that are this command line. */
const SCRIPTS: ReadonlySet<string | undefined> = new Set(["lectern", "sandbox", "studio"]);

/**
 * The folder that a person calls from, which the paths they type are relative to. `npm run` starts its
 * scripts in the project's folder, and keeps the caller's in `INIT_CWD`; `npx` and a shell change nothing.
 * @param root the folder of the project that the command is about; undefined where there is none
 */
export function callerFolder(
  environment: Readonly<Record<string, string | undefined>>,
  workingFolder: string,
  root: string | undefined,
): string {
  const { INIT_CWD: caller, npm_lifecycle_event: script, npm_package_json: manifest = "" } = environment;
  if (root === undefined) return workingFolder;
  const byNpm = SCRIPTS.has(script) && manifest === join(root, "package.json") && workingFolder === root;
  return byNpm && caller ? caller : workingFolder;
}
