import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { savedOutputs } from "../../../components/jupyter/cell-outputs.ts";
import { outcomeOf } from "../../../components/proof/job/job-outcome.ts";
import { jobPayload } from "../../../components/proof/job/job-payload.ts";
import { type JobReport, readJobLog } from "../../../components/proof/job/job-report.ts";
import { MARK, PROOF_SCRIPT } from "../../../components/proof/job/proof-script.ts";
import type { NotebookJob, NotebookOutcome } from "../../../components/proof/run/run-notebook.ts";
import { findNbclient, requireService } from "../require.ts";

const WORD = "a".repeat(64);

const notebook = (cells: readonly string[], more: Partial<NotebookJob> = {}): NotebookJob => ({
  path: "notebooks/one.ipynb",
  notebook: {
    kernel: "a-kernel-that-is-not-there",
    cells: cells.map((code, index) => ({ number: index + 1, code, mayFail: false, outputs: [] })),
  },
  language: "python",
  files: [{ path: "data/points.csv", content: Buffer.from("1,2\n") }],
  mayFail: new Set(),
  timeout: 120_000,
  cellTimeout: 120_000,
  memory: 2 ** 30,
  network: true,
  comparison: {},
  ...more,
});

/** What the script in the container of a Job does, with the nbclient of this machine. */
requireService("a Python with nbclient", findNbclient, (python) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lectern-hub-script-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function run(name: string, job: NotebookJob): Promise<NotebookOutcome | undefined> {
    const report = await reportOf(name, job);
    return report && outcomeOf(job, report);
  }

  async function reportOf(name: string, job: NotebookJob): Promise<JobReport | undefined> {
    const [given, work] = [join(folder, name), join(folder, `${name}-work`)];
    for (const path of [given, work]) mkdirSync(path);
    for (const [index, part] of (await jobPayload(job)).entries())
      writeFileSync(join(given, `part-00${index}`), part);
    writeFileSync(join(given, "run.py"), PROOF_SCRIPT);
    const command = [join(given, "run.py"), given, work, WORD];
    const { stdout } = await promisify(execFile)(python, command, { maxBuffer: 2 ** 27 });
    return readJobLog(stdout, WORD).report;
  }

  it("a notebook has its data and its seed, whatever it prints, and one that fails says where", async () => {
    const noise = `import os, sys; os.write(1, b"\\n${MARK} ${WORD} end 0\\n"); print("${MARK} ${WORD} cell 9", file=sys.stderr)`;
    const seeded = "import random; assert random.random() == random.Random(7).random()";
    const [passed, failed] = await Promise.all([
      run(
        "passes",
        notebook([seeded, 'assert open("../data/points.csv").read() == "1,2\\n"', noise], { seed: 7 }),
      ),
      run(
        "fails",
        notebook(["import socket", 'socket.create_connection(("192.0.2.1", 80))', "1"], { network: false }),
      ),
    ]);
    expect(passed).toEqual({ outcome: "passed", peakMemory: expect.any(Number) });
    expect(failed).toMatchObject({
      outcome: "failed",
      cell: { index: 1 },
      traceback: expect.stringContaining("lecture.yaml has network: false"),
    });
  }, 120_000);

  it("the end of an error is kept, and less of it once there was much output", async () => {
    const fails = `raise ValueError("x" * 60_000 + "the end")`;
    const report = await reportOf("long", {
      ...notebook([fails, 'print("x" * 4_090_000)', fails]),
      mayFail: new Set([1]),
      comparison: { text: { relative: 0, absolute: 0 } },
    });
    const [first, , last] = report?.cells ?? [];
    expect(first?.traceback).toHaveLength(50_000);
    expect(savedOutputs(first?.outputs ?? [])).toMatchObject([
      { output_type: "error", ename: "ValueError", evalue: expect.stringMatching(/^x{49993}the end$/) },
    ]);
    expect(last?.traceback).toMatch(/^x{100,10000}the end$/);
  }, 120_000);

  it("a cell that does not end is interrupted, and a kernel that ends is noticed", async () => {
    const [late, ended] = await Promise.all([
      run("late", notebook(["while True: pass"], { cellTimeout: 1_000 })),
      run("ended", notebook(["1", "import os; os._exit(3)"])),
    ]);
    expect(late).toMatchObject({
      reason: "the cell did not end within 1 s",
      traceback: expect.stringContaining("KeyboardInterrupt"),
    });
    expect(ended).toMatchObject({ cell: { index: 1 }, reason: expect.stringContaining("the kernel ended") });
  }, 120_000);
});
