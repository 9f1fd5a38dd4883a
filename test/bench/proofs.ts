import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  chapter,
  codeCell,
  course,
  markdownCell,
  notebook,
  PIXEL,
  writeFiles,
} from "../../components/article/source/testing/articles.ts";
import { kernelSubjects } from "../../components/proof/kernel-proof.ts";
import { planProofs, runProofs } from "../../components/proof/prove.ts";
import { folderStore } from "../../components/proof/store/folder-store.ts";
import { scriptedKernels } from "../../components/proof/testing/scripted-kernel.ts";
import { systemClock } from "../../components/resource/context/clock.ts";
import type { Row } from "./row.ts";

const COURSES = 100;
const NOTEBOOKS = 20;
const IMAGE = `registry.test/lab@sha256:${"a".repeat(64)}`;
/** As long as a lecture's cells are. */
const TEXT = "A line of text that explains what the next cell does.\n".repeat(20);
const CODE = "values = [index ** 2 for index in range(1_000)]\n".repeat(10);

/** Plans the proofs of a catalog of which three notebooks have changed, and runs those, on scripted kernels. */
export async function run(): Promise<Row[]> {
  const root = mkdtempSync(join(tmpdir(), "lectern-bench-proofs-"));
  try {
    const courses = await Promise.all(
      Array.from({ length: COURSES }, (_, index) => writeCourse(join(root, `course-${index}`), index)),
    );
    const store = folderStore(join(root, "proofs"));
    const plan = async () => {
      const of = { displayName: "Qubits", language: "python", courses };
      return planProofs(await kernelSubjects(of, IMAGE), store);
    };
    const prove = async () => {
      const executed: string[] = [];
      const { kernels, counts } = scriptedKernels({}, executed);
      const { signal } = new AbortController();
      await runProofs((await plan()).toRun, { kernels, store, clock: systemClock, signal, parallel: 8 });
      return counts.started;
    };
    await prove();
    for (const at of [0, 50, 99])
      writeFileSync(
        join(root, `course-${at}`, "3.ipynb"),
        JSON.stringify(notebook([codeCell(`changed ${at}`)])),
      );
    const started = performance.now();
    const { toRun } = await plan();
    const seconds = (performance.now() - started) / 1000;
    const ran = await prove();
    return [
      {
        what: `proofs of ${COURSES} courses × ${NOTEBOOKS} notebooks planned, 3 changed`,
        measured: `${seconds.toFixed(2)} s, ${toRun.length} to run, ${ran} run`,
        target: "under 1 s, 3 run",
        met: seconds < 1 && toRun.length === 3 && ran === 3,
      },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function writeCourse(folder: string, index: number) {
  const names = Array.from({ length: NOTEBOOKS }, (_, at) => `${at}.ipynb`);
  const cells = (at: number) =>
    Array.from({ length: 10 }, (_, cell) => [
      markdownCell(TEXT),
      codeCell(`# ${index} ${at} ${cell}\n${CODE}`),
    ]).flat();
  await writeFiles(folder, {
    "course.json": course({
      content: names.map((baseFilePath, at) =>
        chapter({ chapterNumber: at + 1, chapterName: `${at}`, baseFilePath }),
      ),
    }),
    "logo.png": PIXEL,
    ...Object.fromEntries(names.map((name, at) => [name, notebook(cells(at))])),
  });
  return { id: `course/course-${index}`, folder };
}
