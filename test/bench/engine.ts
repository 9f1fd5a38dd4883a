import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Qbook, startQbook } from "../../sandbox/services/qbook/qbook.ts";
import { findPulumi } from "../engine/programs.ts";
import { LECTERN, type Operated, Pulumi } from "../engine/pulumi.ts";
import { KERNEL, makeRepository, type Repository } from "../sandbox/repository.ts";
import type { Row } from "./row.ts";

/** Fewer show the same in a tenth of the time, but not what a large state costs. */
const ARTICLES = Number(process.env["BENCH_ARTICLES"] ?? 500);
const STACK = "sandbox";
const API_KEY = "bench-key";
const ROUNDS = 3;
/** What the engine does at once, the same for both programs. */
const PARALLEL = ["--parallel", "16"];
/** By the notebooks of an article: at 13792c0, one of one notebook took 17.0 kB. */
const KILOBYTES: readonly (readonly [notebooks: number, most: number])[] = [
  [1, 8],
  [20, 12],
];

interface Place {
  readonly cli: string;
  readonly folder: string;
  readonly api: Qbook;
}

/** The real engine with a file backend: how large its state is, and how long articles take. */
export async function run(): Promise<Row[]> {
  const cli = findPulumi();
  if (!cli) return [absent()];
  const folder = mkdtempSync(join(tmpdir(), "lectern-bench-"));
  const api = await startQbook({ folder: join(folder, "qbook"), apiKey: API_KEY, latency: 10 });
  try {
    const place = { cli, folder, api };
    return [...(await measureState(place)), ...(await measureTime(place))];
  } finally {
    await api.stop();
    rmSync(folder, { recursive: true });
  }
}

function absent(): Row {
  const what = "the real Pulumi: test/services/install.sh builds it";
  return { what, measured: "missing", target: "installed", met: false };
}

/** Bytes per article, of all its resources, as the file backend has them without its indentation. */
async function measureState(place: Place): Promise<Row[]> {
  return withRepository(async (repository) => {
    for (const [chapters] of KILOBYTES) repository.addCourse(`with-${chapters}`, { chapters });
    repository.commit();
    const pulumi = await articles(place, "sizes", repository);
    await up(pulumi);
    const resources = await pulumi.resources(STACK);
    return KILOBYTES.map(([notebooks, most]) => {
      const own = resources.filter(({ urn }) => urn.endsWith(`::with-${notebooks}`));
      const kilobytes = own.reduce((sum, one) => sum + Buffer.byteLength(JSON.stringify(one)), 0) / 1000;
      return {
        what: `state of an article with ${notebooks === 1 ? "1 notebook" : `${notebooks} notebooks`}`,
        measured: `${kilobytes.toFixed(1)} kB in ${own.length} resources`,
        target: `at most ${most} kB`,
        met: own.length > 0 && kilobytes <= most,
      };
    });
  });
}

/** The first deployment and those without a change, against as many components with two empty resources. */
async function measureTime(place: Place): Promise<Row[]> {
  return withRepository(async (repository) => {
    for (let index = 0; index < ARTICLES; index += 1) {
      repository.addCourse(`course-${index}`, { chapters: 1 });
    }
    repository.commit();
    const [lectern, pairs] = [await articles(place, "articles", repository), await empties(place)];
    const first = { pairs: await up(pairs), articles: await up(lectern) };
    const before = place.api.calls().length;
    // In turn, so that a machine that slows down slows both.
    const again: { pairs: number; articles: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      again.push({ pairs: await up(pairs, UNCHANGED), articles: await up(lectern, UNCHANGED) });
    }
    const writes = place.api
      .calls()
      .slice(before)
      .filter(({ method }) => method !== "GET").length;
    return [
      ratioRow(`first deployment of ${ARTICLES} articles`, [first], 1.2),
      ratioRow(`second up over ${ARTICLES} unchanged articles`, again, 1.1),
      { what: "calls that write in it", measured: String(writes), target: "0", met: writes === 0 },
    ];
  });
}

function ratioRow(
  what: string,
  times: readonly { readonly pairs: number; readonly articles: number }[],
  most: number,
): Row {
  const ratio = median(times.map(({ pairs, articles }) => articles / pairs));
  const seconds = (of: "pairs" | "articles") => (median(times.map((time) => time[of])) / 1000).toFixed(1);
  return {
    what: `${what} on the real engine, against as many components with two empty resources`,
    measured: `${ratio.toFixed(2)} times the time (${seconds("articles")} s against ${seconds("pairs")} s${
      times.length > 1 ? `, medians of ${times.length}` : ""
    })`,
    target: `at most ${most} times`,
    met: ratio <= most,
  };
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const UNCHANGED = ["--expect-no-changes"];

/** @returns milliseconds of the whole command, as a person waits for it */
async function up(pulumi: Pulumi, options: readonly string[] = []): Promise<number> {
  const start = performance.now();
  const { ok, stdout, stderr }: Operated = await pulumi.run("up", STACK, ...PARALLEL, ...options);
  if (!ok) throw new Error(stdout + stderr);
  return performance.now() - start;
}

async function articles({ cli, folder, api }: Place, name: string, { catalog }: Repository): Promise<Pulumi> {
  const pulumi = new Pulumi({ ...LECTERN, cli, folder: join(folder, name) });
  await pulumi.init(STACK);
  const config = {
    "lectern:apiUrl": api.url,
    "lectern:apiKey": API_KEY,
    "lectern:catalog": catalog,
    "lectern:source": "folder",
    "lectern:externalKernels": JSON.stringify([KERNEL]),
    "lectern:pollInterval": "50",
    "lectern:settleTime": "0.05",
    "lectern:requestLimit": "100000",
  };
  await pulumi.configure(STACK, config, ["lectern:apiKey"]);
  return pulumi;
}

async function empties({ cli, folder }: Place): Promise<Pulumi> {
  const pulumi = new Pulumi({ cli, folder: join(folder, "pairs"), root: resolve("test/bench/empty") });
  await pulumi.init(STACK);
  await pulumi.configure(STACK, { "empty:count": String(ARTICLES), "empty:kind": "pair" });
  return pulumi;
}

async function withRepository<T>(act: (repository: Repository) => Promise<T>): Promise<T> {
  const repository = makeRepository();
  try {
    return await act(repository);
  } finally {
    repository.remove();
  }
}
