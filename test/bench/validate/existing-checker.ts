import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** How fast the checker went that qBraid's deploy action brings, in megabytes of notebooks: by the clock and by processor time. */
export interface CheckerSpeed {
  readonly speed: number;
  readonly perProcessor: number;
}

/** Runs its checks of notebooks and images on each notebook of a list, in one process, and prints what they took. */
const RUN = `
import json, logging, os, sys, time
sys.path.insert(0, os.path.join(sys.argv[1], "src", "scripts"))
from check_images import ImageValidator
from verify_notebooks import NotebookVerifier
logging.disable(logging.CRITICAL)
verifier, images = NotebookVerifier(), ImageValidator()
paths = json.load(sys.stdin)
start, used = time.perf_counter(), time.process_time()
for path in paths:
    verifier.check_file(path, "Chapter")
    images.check_notebook_images(path)
json.dump([time.perf_counter() - start, time.process_time() - used], sys.stdout)
`;

/**
 * Measures the checker on notebooks. It is no part of this project: `LECTERN_BENCH_CHECKER` names a checkout of
 * github.com/qBraid/upload-course-action, and `LECTERN_BENCH_PYTHON` a Python that has nbformat.
 * @returns undefined where either is not there
 */
export function measureExistingChecker(
  notebooks: readonly string[],
  bytes: number,
): CheckerSpeed | undefined {
  const checkout = process.env["LECTERN_BENCH_CHECKER"] ?? "";
  const python = process.env["LECTERN_BENCH_PYTHON"] ?? "python3";
  if (!existsSync(join(checkout, "src/scripts/verify_notebooks.py"))) return undefined;
  const input = JSON.stringify(notebooks);
  const { status, stdout, stderr } = spawnSync(python, ["-c", RUN, checkout], { input, encoding: "utf8" });
  if (status !== 0) throw new Error(`the existing checker ended with ${status}: ${stderr}`);
  const [seconds, processor] = JSON.parse(stdout) as [number, number]; // what RUN prints
  return { speed: bytes / 1e6 / seconds, perProcessor: bytes / 1e6 / processor };
}
