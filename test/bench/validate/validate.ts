import { globSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { best, inMilliseconds, type Run, runLectern } from "../command-run.ts";
import type { Row } from "../row.ts";
import { writeCatalog } from "./catalog.ts";
import { type CheckerSpeed, measureExistingChecker } from "./existing-checker.ts";

/** Validates generated catalogs from the shell, with every check, and gives speed, memory and start-up. */
export async function run(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "lectern-bench-"));
  try {
    const small = join(folder, "small");
    await writeCatalog(small, { courses: 1, notebooks: 5, bytes: 20_000 });
    const one = join(small, "courses", "course-000");
    const start = best(7, () => runLectern(["validate", one]));
    const hundred = await measure(join(folder, "hundred"), 100, 2);
    const html = await measure(join(folder, "html"), 100, 2, true);
    const thousand = await measure(join(folder, "thousand"), 1000, 1);
    return [
      {
        what: "one course of 5 notebooks, start-up included",
        measured: inMilliseconds(start),
        target: "150 ms (existing checker 440 ms)",
        met: start.seconds <= 0.15,
      },
      ...speedRows("validate 100 courses × 20 notebooks × 100 kB", hundred),
      ...speedRows("the same with a raw HTML image in every Markdown cell", html),
      ...speedRows("validate 1,000 courses × 20 notebooks × 100 kB", thousand),
      {
        what: "its peak memory, against the smaller catalog's",
        measured: `${Math.round(thousand.peak)} MB, × ${(thousand.peak / hundred.peak).toFixed(2)}`,
        target: "flat: at most × 1.25",
        met: thousand.peak / hundred.peak <= 1.25,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In megabytes of notebooks a second: by the clock, and a processor's second, which other programs don't change. */
interface Speed {
  readonly speed: number;
  readonly perProcessor: number;
  /** Of the existing checker on a part of the same catalog, in the same minute. */
  readonly existing: CheckerSpeed | undefined;
}

async function measure(folder: string, courses: number, runs: number, rawHtml = false): Promise<Run & Speed> {
  const bytes = await writeCatalog(folder, { courses, notebooks: 20, bytes: 100_000, rawHtml });
  const some = globSync(join(folder, "courses/course-00[0-9]/*.ipynb"));
  const existing = measureExistingChecker(some, sizeOf(some));
  const taken = best(runs, () => runLectern(["validate", folder]));
  await rm(folder, { recursive: true, force: true });
  const perProcessor = bytes / 1e6 / taken.processor;
  return { ...taken, speed: bytes / 1e6 / taken.seconds, perProcessor, existing };
}

function sizeOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + statSync(file).size, 0);
}

function speedRows(what: string, { speed, perProcessor, existing, peak }: Run & Speed): Row[] {
  return [
    { what, measured: `${speed.toFixed(0)} MB/s`, target: "100 MB/s on 2 cores", met: speed >= 100 },
    {
      what: "per second of a processor",
      measured: `${perProcessor.toFixed(0)} MB`,
      target: "60 MB",
      met: perProcessor >= 60,
    },
    { what: "peak memory", measured: `${Math.round(peak)} MB`, target: "under 300 MB", met: peak < 300 },
    existing
      ? {
          what: "against the existing checker, one process, in the same run",
          measured: `× ${(speed / existing.speed).toFixed(1)} (its ${existing.speed.toFixed(1)} MB/s, ${existing.perProcessor.toFixed(1)} MB per second of a processor)`,
          target: "× 8",
          met: speed / existing.speed >= 8,
        }
      : {
          what: "against the existing checker",
          measured: "not measured: set LECTERN_BENCH_CHECKER",
          target: "× 8",
          met: true,
        },
  ];
}
