import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { digestOf } from "../../../digest.ts";
import { steppingClock } from "../../../resource/testing/test-context.ts";
import { timeLimit } from "../time-limit.ts";
import { readNotebook, runNotebook } from "./run-notebook.ts";
import type { ServerKernels } from "./server-kernels.ts";

const cell = (number: number, code: string, mayFail = false) => ({ number, code, mayFail, outputs: [] });
const cells = [cell(1, "fine"), cell(3, "wrong", true), cell(4, "fine")];

/** Kernels in which the code `wrong` fails. */
function kernels(executed: string[] = []): ServerKernels {
  return {
    names: async () => ["python3", "ir"],
    start: async (name) => `${name}-1`,
    execute: async (id, code) => {
      executed.push(`${id}: ${code}`);
      return code === "wrong" ? { output: "", traceback: "line 1\nValueError: wrong" } : { output: "" };
    },
  };
}

const run = (given: Parameters<typeof runNotebook>[1], used = kernels(), seconds = 60) =>
  runNotebook("check.ipynb", given, used, timeLimit(steppingClock(), seconds * 1000));

it("executes the cells in order in the kernel that the notebook names, else in the server's default", async () => {
  const executed: string[] = [];
  await run({ kernel: "ir", cells }, kernels(executed));
  await run({ kernel: undefined, cells: cells.slice(0, 1) }, kernels(executed));
  expect(executed).toEqual(["ir-1: fine", "ir-1: wrong", "ir-1: fine", "python3-1: fine"]);
});

it("ends at a cell that fails, with the end of its traceback", async () => {
  const executed: string[] = [];
  const given = { kernel: "python3", cells: [cell(2, "wrong"), cell(3, "fine")] };
  await expect(run(given, kernels(executed))).rejects.toThrow(
    "cell 2 of the notebook check.ipynb failed:\nline 1\nValueError: wrong\n",
  );
  expect(executed).toHaveLength(1);
});

it("names the kernels of the server where it lacks the notebook's", async () => {
  await expect(run({ kernel: "python", cells })).rejects.toThrow(
    'needs the kernel python, and the server has python3, ir. Did you mean "python3"?',
  );
});

it("executes nothing once the time of the check has ended", async () => {
  await expect(run({ kernel: "ir", cells }, kernels(), 0)).rejects.toThrow("ended before cell 1");
});

it("reads the file that the plan has shown, and no other", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "lectern-notebook-")), "check.ipynb");
  await expect(readNotebook({ path, digest: "" })).rejects.toThrow("can't be read");
  const text = JSON.stringify({ cells: [] });
  writeFileSync(path, text);
  expect(await readNotebook({ path, digest: digestOf(text) })).toEqual({ kernel: undefined, cells: [] });
  await expect(readNotebook({ path, digest: digestOf("") })).rejects.toThrow("has changed since");
  writeFileSync(path, "text");
  await expect(readNotebook({ path, digest: digestOf("text") })).rejects.toThrow("is not a notebook");
});
