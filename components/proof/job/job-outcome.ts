import { savedOutputs } from "../../jupyter/cell-outputs.ts";
import type { CellExecution } from "../../jupyter/kernel-channel.ts";
import {
  KernelEnded,
  type NotebookJob,
  type NotebookOutcome,
  peakIn,
  runCells,
} from "../run/run-notebook.ts";
import type { JobReport } from "./job-report.ts";
import { OUTPUT_LIMIT } from "./proof-script.ts";

/**
 * What a container's report makes of a notebook: the same that a kernel of a gateway would, as its executions are gone
 * through like one's.
 * @returns undefined where the report lacks cells
 */
export async function outcomeOf(job: NotebookJob, report: JobReport): Promise<NotebookOutcome | undefined> {
  const { impossible, cells, stopped, ended, dropped, measured } = report;
  if (impossible !== undefined) return { outcome: "failed", reason: impossible };
  let [next, isComplete] = [0, true];
  const kernel = {
    execute: async (): Promise<CellExecution> => {
      const cell = cells[next++];
      if (cell) {
        const { traceback, late, outputs } = cell;
        const saved = savedOutputs(outputs);
        return { ...(traceback == null ? {} : { traceback }), output: "", outputs: saved, dropped: 0, late };
      }
      if (ended === undefined) isComplete = false;
      throw new KernelEnded(ended ?? "");
    },
  };
  let begun = false;
  const clock = {
    now: () => {
      const seconds = begun ? (cells[next]?.at ?? stopped ?? cells.at(-1)?.at ?? 0) : 0;
      begun = true;
      return seconds * 1000;
    },
  };
  const outcome = await runCells(job, kernel, clock).catch((error: unknown) => {
    if (error instanceof KernelEnded && error.outcome) return error.outcome;
    throw error;
  });
  if (!isComplete) return undefined;
  const peakMemory = peakIn(measured);
  const known = peakMemory === undefined ? outcome : { ...outcome, peakMemory };
  return dropped && outcome.differences ? { ...known, reason: tooLong } : known;
}

const tooLong = `the notebook has outputs of more than ${OUTPUT_LIMIT / 2 ** 20} MiB, of which only the first are compared`;

/** A notebook whose container ended without a report, while one of its cells ran. */
export function brokenOff(job: NotebookJob, number: number | undefined, reason: string): NotebookOutcome {
  const cell = job.notebook.cells.find((one) => one.number === number);
  if (!cell) return { outcome: "failed", reason };
  const { id, code } = cell;
  const place = { index: cell.number - 1, ...(id === undefined ? {} : { id }), source: code };
  return { outcome: "failed", reason, cell: place };
}
