import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { systemClock } from "../../components/resource/context/clock.ts";
import { localAccess } from "../../studio/server/access/local.ts";
import { buildStudio } from "../../studio/server/app.ts";
import { findChromium } from "../services/programs.ts";
import type { Row } from "./row.ts";
import { keyTimes } from "./studio-keys.ts";
import { mapTimes } from "./studio-map.ts";

const REPOSITORY = join(import.meta.dirname, "../..");
const PAINT_LIMIT = 1000;
const SIZE_LIMIT = 250;
const RUNS = 5;
const KEY_LIMIT = 100;
const MAP_LIMIT = 200;

/**
 * The studio's page: how much the first route loads, when a browser without a cache paints it, how long a key waits for its
 * paint among a thousand profiles, and how long the map of a large institution for its own.
 */
export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "lectern-bench-studio-"));
  const page = join(folder, "page");
  mkdirSync(join(folder, "catalog"));
  try {
    const vite = join(REPOSITORY, "node_modules/vite/bin/vite.js");
    const config = join(REPOSITORY, "studio/web/vite.config.ts");
    const args = [
      vite,
      "build",
      "--config",
      config,
      "--outDir",
      page,
      "--emptyOutDir",
      "--logLevel",
      "error",
    ];
    execFileSync(process.execPath, args, { cwd: REPOSITORY });
    const paints = await firstPaints(folder, page);
    const size = paints.loaded.reduce((sum, path) => sum + compressed(join(page, path)), 0) / 1000;
    const keys = await keyTimes(page);
    const map = await mapTimes(page);
    const sorted = paints.milliseconds.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(RUNS / 2)] ?? Number.POSITIVE_INFINITY;
    return [
      {
        what: "studio: scripts and styles of the first route, compressed",
        measured: `${size.toFixed(0)} kB`,
        target: `under ${SIZE_LIMIT} kB`,
        met: size < SIZE_LIMIT,
      },
      {
        what: `studio: first paint in a browser without a cache, of a server that has just started (median of ${RUNS})`,
        measured: `${median.toFixed(0)} ms; ${sorted.at(-1)?.toFixed(0)} ms at most`,
        target: `under ${PAINT_LIMIT} ms`,
        met: median < PAINT_LIMIT,
      },
      {
        what: `studio: key to paint of 1,000 profiles, also while what was written is handed on, checked and shown (${keys.length} keys)`,
        measured: `${quantile(keys, 0.5)} ms in the median; ${quantile(keys, 0.95)} ms for 95 of 100; ${quantile(keys, 1)} ms at most`,
        target: `under ${KEY_LIMIT} ms for 95 of 100`,
        met: quantile(keys, 0.95) < KEY_LIMIT,
      },
      {
        what: "studio: the map of 170 hubs and 500 articles in a browser, from the click to its paint; a filter of it",
        measured: `${shown(quantile(map.shown, 0.5))}, ${shown(quantile(map.shown, 1))} at most; ${shown(quantile(map.filtered, 0.5))}, ${shown(quantile(map.filtered, 1))} at most`,
        target: `under ${MAP_LIMIT} ms`,
        met: [map.shown, map.filtered].every((times) => quantile(times, 0.5) < MAP_LIMIT),
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.POSITIVE_INFINITY;

const shown = (milliseconds: number) => `${milliseconds.toFixed(0)} ms`;

const compressed = (file: string) => gzipSync(readFileSync(file)).length;

/** Each run has a server and a browser context of its own. */
async function firstPaints(root: string, built: string) {
  const program = findChromium();
  if (program === undefined) throw new Error("chromium is missing: test/services/install.sh installs it");
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  const loaded = new Set<string>();
  const milliseconds: number[] = [];
  try {
    for (let run = 0; run < RUNS; run++) {
      const access = localAccess("/", { name: "Ada", email: undefined });
      const studio = { root, catalog: join(root, "catalog"), clock: systemClock, log: () => {} };
      const app = await buildStudio({ studio, access, base: "/", page: built });
      await app.listen({ host: "127.0.0.1", port: 0 });
      const { port } = app.server.address() as AddressInfo;
      const context = await browser.newContext();
      const page = await context.newPage();
      page.on("request", (request) => {
        const { pathname } = new URL(request.url());
        if (/\.(js|css)$/.test(pathname)) loaded.add(pathname);
      });
      await page.goto(`http://127.0.0.1:${port}/${access.invitation()}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      milliseconds.push(await page.evaluate<number>(PAINTED));
      await context.close();
      await app.close();
    }
  } finally {
    await browser.close();
  }
  return { milliseconds, loaded: [...loaded] };
}

const PAINTED = `new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(list.getEntries()[0].startTime)).observe({ type: "paint", buffered: true });
})`;
