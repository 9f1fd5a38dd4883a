import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Gives the tests of a run one folder for their temporary files, which goes with them. In it is what Node compiled:
 * most tests start programs of the project, and loading one from there takes half the time.
 */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "lectern-"));
  const restore = setEnvironment({ TMPDIR: folder, NODE_COMPILE_CACHE: join(folder, "compiled") });
  return () => {
    restore();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Sets variables of the environment, and returns what sets them back. */
function setEnvironment(variables: Record<string, string>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
