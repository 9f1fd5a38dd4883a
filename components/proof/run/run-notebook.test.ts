import { expect, it } from "vitest";
import type { CellExecution } from "../../jupyter/kernel-channel.ts";
import { steppingClock } from "../../resource/testing/test-context.ts";
import { DONE, ended, printed, type Script, scriptedKernel } from "../testing/scripted-kernel.ts";
import { KernelEnded, type NotebookJob, type NotebookKernel, runNotebook } from "./run-notebook.ts";

const cell = (number: number, code: string, more: object = {}) => ({
  number,
  id: `c${number}`,
  code,
  mayFail: false,
  outputs: [],
  ...more,
});

const job = (more: Partial<NotebookJob> = {}): NotebookJob => ({
  path: "parts/one.ipynb",
  notebook: { kernel: undefined, cells: [cell(1, "one"), cell(3, "three"), cell(4, "four")] },
  language: "python",
  files: [],
  mayFail: new Set(),
  timeout: 60_000,
  cellTimeout: 10_000,
  memory: 1e9,
  network: true,
  comparison: {},
  ...more,
});

const failing = { traceback: "line 1\nValueError: no" };
const run = (script: Script, more: Partial<NotebookJob> = {}, executed: string[] = []) =>
  runNotebook(job(more), scriptedKernel(script, executed), steppingClock());

it("passes where every cell does, with the peak of the memory", async () => {
  const executed: string[] = [];
  expect(await run({}, {}, executed)).toEqual({ outcome: "passed", peakMemory: 1000 });
  expect(executed).toEqual(["one", "three", "four"]);
});

it("ends at the first cell that fails, and names it", async () => {
  const executed: string[] = [];
  expect(await run({ three: failing }, {}, executed)).toEqual({
    outcome: "failed",
    cell: { index: 2, id: "c3", source: "three" },
    traceback: "line 1\nValueError: no",
    peakMemory: 1000,
  });
  expect(executed).toEqual(["one", "three"]);
});

it.each<[string, Partial<NotebookJob>]>([
  ["its tag", { notebook: { kernel: undefined, cells: [cell(3, "three", { mayFail: true })] } }],
  ["its place in lecture.yaml", { mayFail: new Set([3]) }],
  ["its ID in lecture.yaml", { mayFail: new Set(["c3"]) }],
])("lets a cell fail that may, by %s", async (_, more) => {
  expect((await run({ three: failing }, more)).outcome).toBe("passed");
});

it("says what took too long: the cell, or the notebook as a whole", async () => {
  const late = { late: true, traceback: "KeyboardInterrupt" };
  expect(await run({ three: late })).toMatchObject({
    reason: "the cell did not end within 10 s",
    cell: { index: 2 },
    traceback: "KeyboardInterrupt",
  });
  expect(await run({ three: late }, { timeout: 5_000 })).toMatchObject({
    reason: "the notebook did not end within 5 s",
  });
});

it("starts no cell when the notebook's time is up, and gives each what is left of it", async () => {
  const clock = steppingClock();
  const times: number[] = [];
  const kernel: NotebookKernel = {
    id: "slow",
    execute: async (code, timeout): Promise<CellExecution> => {
      if (code.startsWith("exec(")) return DONE;
      times.push(timeout);
      await clock.sleep(7_000);
      return DONE;
    },
  };
  expect(await runNotebook(job({ timeout: 12_000 }), kernel, clock)).toMatchObject({
    outcome: "failed",
    reason: "the notebook did not end within 12 s",
    cell: { index: 3, source: "four" },
  });
  expect(times).toEqual([10_000, 5_000]);
});

it("gathers how outputs differ over all cells, and fails for the first", async () => {
  const cells = [
    cell(1, "one", { outputs: [printed("1\n")] }),
    cell(3, "three", { outputs: [printed("3\n")] }),
    cell(4, "four", { outputs: [printed("4\n")] }),
  ];
  const script = {
    one: { outputs: [printed("1\n")] },
    three: { outputs: [printed("5\n")] },
    four: { outputs: [printed("6\n")] },
  };
  const comparison = { text: { relative: 0, absolute: 0 } };
  const outcome = await run(script, { notebook: { kernel: undefined, cells }, comparison });
  expect(outcome).toMatchObject({ outcome: "failed", cell: { index: 2, source: "three" } });
  expect(outcome.differences?.map(({ cell: { index }, kind }) => [index, kind])).toEqual([
    [2, "text"],
    [3, "text"],
  ]);
  expect((await run(script, { notebook: { kernel: undefined, cells } })).outcome).toBe("passed");
});

it("throws where the kernel ends, with what that makes of the notebook", async () => {
  const error = await run({ three: ended() }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(KernelEnded);
  expect(error).toMatchObject({
    outcome: {
      outcome: "failed",
      reason: "the kernel ended while the cell ran: the kernel ended (restarting)",
      cell: { index: 2 },
    },
  });
});

it("puts files into the kernel in pieces before the first cell, and an empty one too", async () => {
  const codes: string[] = [];
  const kernel: NotebookKernel = {
    id: "files",
    execute: async (code) => {
      codes.push(code);
      return DONE;
    },
  };
  const files = [
    { path: "data/large", content: Buffer.alloc(5 * 2 ** 20, 1) },
    { path: "empty", content: Buffer.alloc(0) },
  ];
  await runNotebook(job({ files }), kernel, steppingClock());
  const before = codes.slice(0, codes.indexOf("one"));
  expect(before.filter((code) => code.includes("data/large"))).toHaveLength(3);
  expect(before.filter((code) => code.includes("empty"))).toHaveLength(1);
  expect(Math.max(...codes.map(({ length }) => length))).toBeLessThan(4 * 2 ** 20);
});

it("fails a notebook whose kernel can't be prepared, without running it", async () => {
  const codes: string[] = [];
  const kernel: NotebookKernel = {
    id: "full",
    execute: async (code) => {
      codes.push(code);
      return { ...DONE, traceback: "…\nOSError: No space left on device" };
    },
  };
  expect(await runNotebook(job(), kernel, steppingClock())).toEqual({
    outcome: "failed",
    reason: "the kernel can't be prepared: OSError: No space left on device",
  });
  expect(codes).toHaveLength(1);
});

it("sets nothing up in a kernel of another language, and says so where lecture.yaml asks for it", async () => {
  expect(await run({}, { language: "R" })).toEqual({ outcome: "passed" });
  expect(await run({}, { language: "R", seed: 1, network: false })).toEqual({
    outcome: "failed",
    reason: "lecture.yaml has network: false, seed, which is not supported for kernels in R, only in Python",
  });
});
