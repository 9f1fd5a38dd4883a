import { posix } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { limit, measure } from "../run/python-kernel.ts";
import type { NotebookJob } from "../run/run-notebook.ts";
import { OUTPUT_LIMIT } from "./proof-script.ts";

/** Bytes in one ConfigMap: an object has 1 MiB, and its bytes become a third longer on the way. */
const PART = 700 * 1024;

/** Bytes of a notebook's data files: each part is an object of the cluster for as long as the notebook runs. */
export const FILES_LIMIT = 16 * 2 ** 20;

/** Seconds for a cell that sets the kernel up. */
const SETUP = 60;

/**
 * What the script in the container is given: the cells, the data, and how they are run. The same job has the same
 * bytes.
 * @returns the parts, in order
 */
export async function jobPayload(job: NotebookJob): Promise<Uint8Array[]> {
  const { path, notebook, files, timeout, cellTimeout, memory, network, seed, comparison } = job;
  const given = {
    folder: posix.dirname(path),
    kernel: notebook.kernel ?? "",
    files: files.map((file) => ({ path: file.path, content: file.content.toString("base64") })),
    setup: [limit({ id: "", folder: "", seed, network, memory })],
    setupTimeout: SETUP,
    seeded: seed !== undefined,
    measure: measure(),
    timeout: timeout / 1000,
    cellTimeout: cellTimeout / 1000,
    outputs: OUTPUT_LIMIT,
    compared: Object.values(comparison).some((one) => one !== undefined && one !== false),
    cells: notebook.cells.map((cell) => ({
      number: cell.number,
      code: cell.code,
      mayFail: mayFail(job, cell),
    })),
  };
  const bytes = await promisify(gzip)(JSON.stringify(given));
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += PART) parts.push(bytes.subarray(at, at + PART));
  return parts;
}

const mayFail = (
  { mayFail: listed }: NotebookJob,
  { number, id, mayFail: tagged }: NotebookJob["notebook"]["cells"][number],
) => tagged || listed.has(number) || (id !== undefined && listed.has(id));
