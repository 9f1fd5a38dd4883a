import { posix } from "node:path";
import { z } from "zod";
import type { CellExecution } from "../../jupyter/kernel-channel.ts";
import type { CodeCell, NotebookCells } from "../../jupyter/notebook-cells.ts";
import { jsonOf } from "../../problem/json.ts";
import type { Clock } from "../../resource/context/clock.ts";
import { compareOutputs, type OutputComparison } from "../compare/compare-outputs.ts";
import type { ProofResult } from "../result/proof-result.ts";
import {
  addToFile,
  isPython,
  limit,
  measure,
  openFolder,
  removeFolder,
  type Setup,
} from "./python-kernel.ts";

/** A kernel that was started for one notebook. */
export interface NotebookKernel {
  /** An ID of its own, the same each time this notebook is run by this deployment. */
  readonly id: string;
  /**
   * Executes a cell. One that takes too long is interrupted, and its execution is `late`.
   * @param timeout milliseconds
   * @throws {KernelEnded}
   */
  execute(code: string, timeout: number): Promise<CellExecution>;
}

/** The kernel ended before a cell did. */
export class KernelEnded extends Error {
  override readonly name = "KernelEnded";
  /** What that makes of the notebook, where one of its own cells ran. */
  readonly outcome: NotebookOutcome | undefined;

  constructor(message: string, outcome?: NotebookOutcome) {
    super(message);
    this.outcome = outcome;
  }
}

/** What is run. */
export interface NotebookJob {
  /** From the course's folder. */
  readonly path: string;
  readonly notebook: NotebookCells;
  readonly language: string;
  readonly files: readonly { readonly path: string; readonly content: Buffer }[];
  /** The places of cells that may fail, from 1, or their IDs; beside those that say so themselves. */
  readonly mayFail: ReadonlySet<number | string>;
  /** Milliseconds. */
  readonly timeout: number;
  readonly cellTimeout: number;
  /** Bytes. */
  readonly memory: number;
  readonly network: boolean;
  readonly seed?: number | undefined;
  readonly comparison: OutputComparison;
}

/** What came of it. */
export type NotebookOutcome = Pick<
  ProofResult,
  "outcome" | "reason" | "cell" | "traceback" | "differences" | "peakMemory"
>;

/** Milliseconds for a cell that sets a kernel up. */
const SETUP = 60_000;
/** Bytes of a file in one cell: gateways refuse messages of 10 MiB. */
const CHUNK = 2 * 2 ** 20;

/**
 * Executes the cells of a notebook in order in a fresh kernel, in a working folder of its own that holds its data.
 * It ends at the first cell that fails and may not; differences of outputs are gathered over all cells.
 * @throws {KernelEnded}
 */
export async function runNotebook(
  job: NotebookJob,
  kernel: NotebookKernel,
  clock: Clock,
): Promise<NotebookOutcome> {
  const setup = isPython(job.language) ? setupOf(job, kernel.id) : undefined;
  if (!setup) return unprepared(job) ?? runCells(job, kernel, clock);
  const failed = await prepare(job, setup, kernel);
  if (failed) return { outcome: "failed", reason: `the kernel can't be prepared: ${failed}` };
  const outcome = await runCells(job, kernel, clock);
  const peakMemory = await peakOf(kernel);
  // A kernel that can't be asked any more is ended, and its folder goes with its container or the next run.
  await kernel.execute(removeFolder(setup), SETUP).catch(() => undefined);
  return { ...outcome, ...(peakMemory === undefined ? {} : { peakMemory }) };
}

/** What lecture.yaml asks for, and only kernels of Python can do. */
function unprepared({ language, files, network, seed }: NotebookJob): NotebookOutcome | undefined {
  const asked = [
    ...(files.length > 0 ? ["files"] : []),
    ...(network ? [] : ["network: false"]),
    ...(seed === undefined ? [] : ["seed"]),
  ];
  if (asked.length === 0) return undefined;
  const reason = `lecture.yaml has ${asked.join(", ")}, which is not supported for kernels in ${language}, only in Python`;
  return { outcome: "failed", reason };
}

const setupOf = ({ path, seed, network, memory }: NotebookJob, id: string): Setup => ({
  id,
  folder: posix.dirname(path),
  seed,
  network,
  memory,
});

/** @returns why the kernel can't be prepared, on one line */
async function prepare(job: NotebookJob, setup: Setup, kernel: NotebookKernel): Promise<string | undefined> {
  const execute = async (code: string) => {
    const { traceback, late } = await kernel.execute(code, SETUP);
    if (late) return `it took longer than ${SETUP / 1000} s`;
    return traceback && lastLine(traceback);
  };
  const wrong = await execute(openFolder(setup));
  if (wrong !== undefined) return wrong;
  for (const { path, content } of job.files) {
    // One with no bytes is a file too.
    for (let at = 0; at === 0 || at < content.length; at += CHUNK) {
      const base64 = content.subarray(at, at + CHUNK).toString("base64");
      const failed = await execute(addToFile(setup, path, base64));
      if (failed !== undefined) return `${path}: ${failed}`;
    }
  }
  return execute(limit(setup));
}

/**
 * Executes the cells in order, and compares their outputs.
 * @throws {KernelEnded}
 */
export async function runCells(
  job: NotebookJob,
  kernel: Pick<NotebookKernel, "execute">,
  clock: Pick<Clock, "now">,
): Promise<NotebookOutcome> {
  const end = clock.now() + job.timeout;
  const differences: NonNullable<NotebookOutcome["differences"]>[number][] = [];
  for (const cell of job.notebook.cells) {
    const left = end - clock.now();
    const time = Math.min(left, job.cellTimeout);
    const failed = (reason: string | undefined, traceback?: string): NotebookOutcome => ({
      outcome: "failed",
      cell: { ...placeOf(cell), source: cell.code },
      ...(reason === undefined ? {} : { reason }),
      ...(traceback === undefined ? {} : { traceback }),
    });
    if (left <= 0) return failed(`the notebook did not end within ${job.timeout / 1000} s`);
    let execution: CellExecution;
    try {
      execution = await kernel.execute(cell.code, time);
    } catch (error) {
      if (!(error instanceof KernelEnded)) throw error;
      throw new KernelEnded(error.message, failed(`the kernel ended while the cell ran: ${error.message}`));
    }
    const { traceback, outputs, late } = execution;
    if (late) return failed(tooLate(job, left), traceback);
    if (traceback !== undefined && !mayFail(job, cell)) return failed(undefined, traceback);
    for (const difference of compareOutputs(cell.outputs, outputs, job.comparison))
      differences.push({ cell: placeOf(cell), ...difference });
  }
  const [first] = differences;
  if (!first) return { outcome: "passed" };
  const cell = job.notebook.cells.find(({ number }) => number === first.cell.index + 1);
  return {
    outcome: "failed",
    reason: "outputs are not those that the notebook was saved with",
    cell: { ...first.cell, source: cell?.code ?? "" },
    differences,
  };
}

const tooLate = ({ timeout, cellTimeout }: NotebookJob, left: number) =>
  left < cellTimeout
    ? `the notebook did not end within ${timeout / 1000} s`
    : `the cell did not end within ${cellTimeout / 1000} s`;

const placeOf = ({ number, id }: CodeCell) => ({ index: number - 1, ...(id === undefined ? {} : { id }) });

const mayFail = (job: NotebookJob, { number, id, mayFail }: CodeCell) =>
  mayFail || job.mayFail.has(number) || (id !== undefined && job.mayFail.has(id));

const printed = z.object({ peak: z.number().nonnegative() });

async function peakOf(kernel: NotebookKernel): Promise<number | undefined> {
  const execution = await kernel.execute(measure(), SETUP).catch(() => undefined);
  return peakIn(execution?.output);
}

/** The bytes that a cell of {@link measure} has printed. */
export const peakIn = (output = "") => printed.safeParse(jsonOf(output)).data?.peak;

const lastLine = (text: string) => text.trimEnd().split("\n").at(-1) ?? "";
