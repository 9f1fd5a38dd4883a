import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { chromium, type Page } from "playwright-core";
import { stringify } from "yaml";
import { systemClock } from "../../components/resource/context/clock.ts";
import { localAccess } from "../../studio/server/access/local.ts";
import { buildStudio } from "../../studio/server/app.ts";
import { findChromium } from "../services/programs.ts";

const PROFILES = 1_000;
/** When the next key is pressed, in milliseconds: what is written is handed on after 200, checked after 250 more, shown after 500. */
const GAPS = [205, 215, 225, 240, 260, 60, 60, 455, 470, 500, 705, 720, 740, 800, 60];
const ROUNDS = 6;

/**
 * How long keys wait for their paint in the name of one of a thousand profiles, in milliseconds as the browser measures it,
 * sorted. Keys that are painted within 16 ms count as 16.
 * @param built the folder of the built page
 */
export async function keyTimes(built: string): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), "lectern-bench-keys-"));
  const root = repositoryIn(join(folder, "teaching"));
  const access = localAccess("/", { name: "Ada", email: "ada@example.org" });
  const studio = { root, catalog: join(root, "catalog"), clock: systemClock, log: () => {} };
  const app = await buildStudio({ studio, access, base: "/", page: built });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const program = findChromium();
  if (program === undefined) throw new Error("chromium is missing: test/services/install.sh installs it");
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1680, height: 1000 } });
    await page.goto(`http://127.0.0.1:${port}/${access.invitation()}`);
    await page.goto(`http://127.0.0.1:${port}/profiles/campus`);
    await page.locator("iframe").waitFor();
    return await typed(page);
  } finally {
    await browser.close();
    app.server.closeAllConnections();
    await app.close();
    rmSync(folder, { recursive: true });
  }
}

function repositoryIn(root: string): string {
  const cluster = join(root, "catalog/clusters/campus");
  mkdirSync(cluster, { recursive: true });
  const profiles = Array.from({ length: PROFILES }, (_, index) => ({
    display_name: `Profile ${index}`,
    description: "For lectures and homework.",
    node_groups: "standard",
    kubespawner_override: { mem_guarantee: "2G", mem_limit: "4G" },
  }));
  const group = { slug: "standard", display_name: "Standard nodes", node_selector: { pool: "standard" } };
  writeFileSync(join(cluster, "profiles.yaml"), stringify(profiles));
  writeFileSync(join(cluster, "node-groups.json"), JSON.stringify([group]));
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, stdio: "pipe" });
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "Ada");
  git("config", "user.email", "ada@example.org");
  git("add", "--all");
  git("commit", "--quiet", "--message", "The catalog");
  return root;
}

async function typed(page: Page): Promise<number[]> {
  await page.evaluate(OBSERVE);
  await page.getByLabel("Name", { exact: true }).focus();
  await page.keyboard.press("End");
  let count = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const gap of GAPS) {
      await page.keyboard.press("x");
      count += 1;
      await pause(gap);
    }
  }
  await pause(2_000);
  const slow = await page.evaluate<number[]>("globalThis.keyTimes");
  const quick = Array.from({ length: Math.max(0, count - slow.length) }, () => 16);
  return [...quick, ...slow].sort((a, b) => a - b);
}

/** Keeps how long each key took until the page was drawn, where that was 16 ms or more. */
const OBSERVE = `globalThis.keyTimes = [];
new PerformanceObserver((list) => {
  for (const { name, duration } of list.getEntries()) if (name === "keydown") globalThis.keyTimes.push(duration);
}).observe({ type: "event", durationThreshold: 16 });`;
