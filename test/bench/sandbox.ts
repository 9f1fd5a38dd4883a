import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runStack } from "../../sandbox/engine/engine.ts";
import type { RunOptions } from "../../sandbox/engine/run.ts";
import { startQbook } from "../../sandbox/services/qbook/qbook.ts";
import { KERNEL, makeRepository, notebook } from "../sandbox/repository.ts";
import type { Row } from "./row.ts";

const ARTICLES = 500;
const API_KEY = "bench-key";

/** A second `up` over unchanged articles, against the same engine with resources that hold nothing. */
export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "lectern-bench-"));
  const repository = makeRepository();
  for (let index = 0; index < ARTICLES; index += 1) repository.addCourse(`course-${index}`, { chapters: 1 });
  repository.commit();
  const api = await startQbook({ folder: join(folder, "qbook"), apiKey: API_KEY, latency: 10 });
  try {
    const articles = () => up(articlesOptions(folder, api.url, repository.catalog));
    const empty = () => up(emptyOptions(folder, "single"));
    const pairs = () => up(emptyOptions(folder, "pair"));
    await articles();
    await empty();
    await pairs();
    const before = api.calls().length;
    const writes = () =>
      api
        .calls()
        .slice(before)
        .filter(({ method }) => method !== "GET");
    // In turn, so that a machine that slows down slows both.
    const times: { articles: number; empty: number; pairs: number }[] = [];
    for (let round = 0; round < 3; round += 1) {
      times.push({ articles: await articles(), empty: await empty(), pairs: await pairs() });
    }
    const unchanged = writes().length;
    repository.write("courses/course-7/1.ipynb", notebook("# Rewritten"));
    await articles();
    const changed = writes().map(({ method }) => method);
    return [
      ratioRow("as many empty resources", median(times.map((time) => time.articles / time.empty)), 2.2),
      ratioRow(
        "as many components with two empty resources, which is what an article registers",
        median(times.map((time) => time.articles / time.pairs)),
        1.2,
      ),
      ...writeRows(unchanged, changed.slice(unchanged)),
    ];
  } finally {
    await api.stop();
    repository.remove();
    rmSync(folder, { recursive: true });
  }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[1] ?? Number.NaN;

function ratioRow(baseline: string, ratio: number, most: number): Row {
  return {
    what: `second up over ${ARTICLES} unchanged articles, against ${baseline}`,
    measured: `${ratio.toFixed(2)} times the time (median of 3)`,
    target: `at most ${most} times`,
    met: ratio <= most,
  };
}

function writeRows(unchanged: number, changed: readonly string[]): Row[] {
  return [
    { what: "calls that write in it", measured: String(unchanged), target: "0", met: unchanged === 0 },
    {
      what: `one notebook changed in ${ARTICLES} articles`,
      measured: changed.join(", ") || "no write",
      target: "exactly one PUT",
      met: changed.join() === "PUT",
    },
  ];
}

type Options = Omit<RunOptions, "operation">;

/** @returns milliseconds */
async function up(options: Options): Promise<number> {
  const start = performance.now();
  const result = await runStack({ ...options, operation: "up" });
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join("\n"));
  return performance.now() - start;
}

function articlesOptions(folder: string, apiUrl: string, catalog: string): Options {
  return {
    projectRoot: resolve("."),
    project: "lectern",
    stack: "sandbox",
    config: {
      "lectern:apiUrl": apiUrl,
      "lectern:apiKey": API_KEY,
      "lectern:catalog": catalog,
      "lectern:source": "folder",
      "lectern:externalKernels": JSON.stringify([KERNEL]),
      "lectern:pollInterval": "50",
      "lectern:settleTime": "0.05",
      "lectern:requestLimit": "100000",
    },
    secretKeys: ["lectern:apiKey"],
    stateFolder: join(folder, "articles"),
  };
}

function emptyOptions(folder: string, kind: "single" | "pair"): Options {
  return {
    projectRoot: resolve("test/bench/empty"),
    project: "empty",
    stack: "sandbox",
    config: { "empty:count": String(ARTICLES), "empty:kind": kind },
    stateFolder: join(folder, kind),
  };
}
