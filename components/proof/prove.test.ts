import { expect, it } from "vitest";
import {
  chapter,
  codeCell,
  course,
  notebook,
  PIXEL,
  writeArticle,
} from "../article/source/testing/articles.ts";
import { LecternError } from "../problem/problem.ts";
import { steppingClock } from "../resource/testing/test-context.ts";
import { type ProofSubject, proofSubjects } from "./proof-subjects.ts";
import { type ProofJobs, type ProofKernels, type ProofRun, planProofs, runProofs } from "./prove.ts";
import type { ProofResult } from "./result/proof-result.ts";
import type { ProofStore } from "./store/proof-store.ts";
import { ended, scriptedKernels } from "./testing/scripted-kernel.ts";
import { someResult } from "./testing/some-result.ts";

const image = (digit: string) => `registry.test/lab@sha256:${digit.repeat(64)}`;

/** A course of notebooks, each of one cell with its name. */
async function subjects(
  names: readonly string[],
  id = "course/lab",
  on = image("a"),
): Promise<ProofSubject[]> {
  const folder = await writeArticle({
    "course.json": course({
      content: names.map((name, index) =>
        chapter({ chapterNumber: index + 1, chapterName: name, baseFilePath: `${name}.ipynb` }),
      ),
    }),
    "logo.png": PIXEL,
    ...Object.fromEntries(names.map((name) => [`${name}.ipynb`, notebook([codeCell(name)])])),
  });
  return proofSubjects({ id, folder }, () => ({ image: on, language: "python" }));
}

function memoryStore() {
  const kept = new Map<string, ProofResult>();
  const store: ProofStore = {
    find: async (_, keys) => new Map([...kept].filter(([key]) => keys.includes(key))),
    keep: async (_, result) => void kept.set(result.key, result),
  };
  return { store, kept };
}

const runWith = (kernels: ProofKernels, store: ProofStore, more: Partial<ProofRun> = {}): ProofRun => ({
  kernels,
  store,
  clock: steppingClock(),
  signal: new AbortController().signal,
  ...more,
});

const failing = { traceback: "ValueError: no" };

it("runs what is not known, keeps each result at once, and then nothing", async () => {
  const { store, kept } = memoryStore();
  const all = await subjects(["one", "two"]);
  const { kernels } = scriptedKernels({ two: failing });
  const results = await runProofs((await planProofs(all, store)).toRun, runWith(kernels, store));
  expect(results.map(({ course: of, notebook: path, outcome }) => [of, path, outcome])).toEqual([
    ["course/lab", "one.ipynb", "passed"],
    ["course/lab", "two.ipynb", "failed"],
  ]);
  expect(kept.size).toBe(2);
  const { known, toRun } = await planProofs(all, store);
  expect(toRun).toEqual([]);
  expect(known).toEqual(results);
});

it("runs every notebook again on another image", async () => {
  const { store } = memoryStore();
  const { kernels } = scriptedKernels({});
  await runProofs(await subjects(["one"]), runWith(kernels, store));
  expect((await planProofs(await subjects(["one"], "course/lab", image("b")), store)).toRun).toHaveLength(1);
});

it("runs the same notebook of two courses once, and gives both their result", async () => {
  const { store } = memoryStore();
  const all = [...(await subjects(["one"], "course/a")), ...(await subjects(["one"], "course/b"))];
  const executed: string[] = [];
  const { kernels } = scriptedKernels({}, executed);
  const results = await runProofs(all, runWith(kernels, store));
  expect(executed).toEqual(["one"]);
  expect(results.map(({ course: of }) => of)).toEqual(["course/a", "course/b"]);
  const { known } = await planProofs(all, store);
  expect(known.map(({ course: of }) => of)).toEqual(["course/a", "course/b"]);
});

it("has no more kernels at a time than it may, each for one notebook", async () => {
  const { store } = memoryStore();
  const { kernels, counts } = scriptedKernels({});
  const open = Promise.withResolvers<void>();
  let waiting = 0;
  const gated: ProofKernels = {
    use: (subject, work) =>
      kernels.use(subject, async (kernel) => {
        waiting += 1;
        // The third of them lets all go on.
        if (waiting === 3) open.resolve();
        await open.promise;
        return work(kernel);
      }),
  };
  await runProofs(await subjects(["a", "b", "c", "d", "e"]), runWith(gated, store, { parallel: 3 }));
  expect(counts).toEqual({ started: 5, running: 0, most: 3 });
});

it("tries a notebook a second time whose kernel ended, and fails it when that ends, too", async () => {
  const { store } = memoryStore();
  const { kernels, counts } = scriptedKernels({ one: ended() });
  const [result] = await runProofs(await subjects(["one"]), runWith(kernels, store));
  expect(result).toMatchObject({ outcome: "failed", cell: { index: 0, source: "one" } });
  expect(counts.started).toBe(2);

  let attempts = 0;
  const restarted: ProofKernels = {
    use: (subject, work) => {
      attempts += 1;
      return scriptedKernels(attempts === 1 ? { two: ended() } : {}).kernels.use(subject, work);
    },
  };
  const [second] = await runProofs(await subjects(["two"]), runWith(restarted, store));
  expect(second?.outcome).toBe("passed");
});

it("keeps what has ended where a notebook could not be run, starts no other, and says why", async () => {
  const { store, kept } = memoryStore();
  const down = new LecternError({
    code: "gateway",
    severity: "error",
    message: "it is down",
    remedy: "Start it",
  });
  const started: string[] = [];
  const kernels: ProofKernels = {
    use: (subject, work) => {
      started.push(subject.notebook);
      if (subject.notebook === "two.ipynb") throw down;
      return scriptedKernels({}).kernels.use(subject, work);
    },
  };
  const run = runProofs(await subjects(["one", "two", "three"]), runWith(kernels, store, { parallel: 1 }));
  await expect(run).rejects.toThrow("it is down");
  expect(started).toEqual(["one.ipynb", "two.ipynb"]);
  expect([...kept.values()].map(({ notebook: path }) => path)).toEqual(["one.ipynb"]);
});

it("starts no notebook once the person interrupts", async () => {
  const { store, kept } = memoryStore();
  const { kernels } = scriptedKernels({});
  const stopping = new AbortController();
  const onResult = () => stopping.abort(new Error("interrupted"));
  const more = { parallel: 1, signal: stopping.signal, onResult };
  await expect(runProofs(await subjects(["one", "two"]), runWith(kernels, store, more))).rejects.toThrow(
    "interrupted",
  );
  expect(kept.size).toBe(1);
});

it("keeps no credential that a notebook prints in its traceback", async () => {
  const { store, kept } = memoryStore();
  const token = `ghp_${"a1B2c3D4e5".repeat(4).slice(0, 36)}`;
  const { kernels } = scriptedKernels({ one: { traceback: `ValueError: token=${token}` } });
  const [result] = await runProofs(await subjects(["one"]), runWith(kernels, store));
  expect(result?.traceback).toContain("ValueError");
  expect(JSON.stringify([result, ...kept.values()])).not.toContain(token);
});

it("takes what another run has kept as it is, and does not keep it again", async () => {
  const { store, kept } = memoryStore();
  const [subject] = await subjects(["one"], "course/mine");
  if (!subject) throw new Error("no subject");
  const known = { ...someResult("theirs"), key: subject.key };
  const jobs: ProofJobs = {
    run: async () => ({ outcome: known, seconds: known.seconds, ranAt: known.ranAt }),
  };
  const run = { jobs, store, clock: steppingClock(), signal: new AbortController().signal };
  const { key, course, notebook, image } = subject;
  expect(await runProofs([subject], run)).toEqual([{ ...known, key, course, notebook, image }]);
  expect(kept.size).toBe(0);
});
