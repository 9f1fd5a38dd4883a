import type { CellOutput } from "../../jupyter/cell-outputs.ts";
import type { CellExecution } from "../../jupyter/kernel-channel.ts";
import type { ProofKernels } from "../prove.ts";
import { KernelEnded, type NotebookKernel } from "../run/run-notebook.ts";

/** A cell that did what it should. */
export const DONE: CellExecution = { output: "", outputs: [], dropped: 0, late: false };

/** What cells do, by their code; any other is done. An error is thrown. */
export type Script = Readonly<Record<string, Partial<CellExecution> | Error>>;

/** A kernel that does what a script says, and notes the cells of the notebook that it was given. */
export function scriptedKernel(script: Script, executed: string[] = []): NotebookKernel {
  return {
    id: "kernel",
    execute: async (code) => {
      if (code.startsWith("exec("))
        return code.includes("VmHWM") ? { ...DONE, output: '{"peak": 1000}' } : DONE;
      executed.push(code);
      const does = script[code] ?? {};
      if (does instanceof Error) throw does;
      return { ...DONE, ...does };
    },
  };
}

/** Starts scripted kernels, and counts those that run. */
export function scriptedKernels(script: Script, executed: string[] = []) {
  const counts = { started: 0, running: 0, most: 0 };
  const kernels: ProofKernels = {
    use: async (_, work) => {
      counts.started += 1;
      counts.running += 1;
      counts.most = Math.max(counts.most, counts.running);
      try {
        return await work(scriptedKernel(script, executed));
      } finally {
        counts.running -= 1;
      }
    },
  };
  return { kernels, counts };
}

export const printed = (text: string): CellOutput => ({ output_type: "stream", name: "stdout", text });
export const ended = () => new KernelEnded("the kernel ended (restarting)");
