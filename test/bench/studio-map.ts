import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { systemClock } from "../../components/resource/context/clock.ts";
import { manyThings } from "../../plan/map/testing/many-things.ts";
import { localAccess } from "../../studio/server/access/local.ts";
import { buildStudio } from "../../studio/server/app.ts";
import { findChromium } from "../services/programs.ts";

const RUNS = 6;

/**
 * How long the map of 170 hubs and 500 articles takes in a browser, from the click to the frame that has it,
 * and how long a filter of it: milliseconds, each sorted.
 * @param built the folder of the built page
 */
export async function mapTimes(built: string): Promise<{ shown: number[]; filtered: number[] }> {
  const folder = mkdtempSync(join(tmpdir(), "lectern-bench-map-page-"));
  writeFileSync(join(folder, "report.json"), JSON.stringify(manyThings({ hubs: 170, articles: 500 })));
  const access = localAccess("/", { name: "Ada", email: "ada@example.org" });
  const studio = {
    ...{ root: folder, catalog: join(folder, "catalog"), clock: systemClock, log: () => {} },
    deployed: { reports: [folder] },
  };
  const app = await buildStudio({ studio, access, base: "/", page: built });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const program = findChromium();
  if (program === undefined) throw new Error("chromium is missing: test/services/install.sh installs it");
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`http://127.0.0.1:${port}/${access.invitation()}`);
    return await measured(page, `http://127.0.0.1:${port}`);
  } finally {
    await browser.close();
    app.server.closeAllConnections();
    await app.close();
    rmSync(folder, { recursive: true });
  }
}

async function measured(page: Page, address: string) {
  const [shown, filtered]: [number[], number[]] = [[], []];
  // The page's own code is loaded once, and is not what is measured.
  await page.goto(`${address}/map`);
  await page.locator("table td").first().waitFor();
  for (let run = 0; run < RUNS; run += 1) {
    await page.getByRole("link", { name: "Articles" }).click();
    await page.getByRole("heading", { level: 1, name: "Articles" }).waitFor();
    shown.push(await page.evaluate<number>(SHOWN));
    for (const text of ["hub-169", ""]) filtered.push(await page.evaluate<number>(filter(text)));
  }
  const sorted = (times: number[]) => times.sort((a, b) => a - b);
  return { shown: sorted(shown), filtered: sorted(filtered) };
}

/** From the act to the frame after the one that has what is looked for: milliseconds. */
const PAINTED = `(act, found) => new Promise((resolve) => {
  const begun = performance.now();
  act();
  const look = () => found() ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun))) : requestAnimationFrame(look);
  look();
})`;
const SHOWN = `(${PAINTED})(
  () => document.querySelector('nav a[href$="/map"]').click(),
  () => document.querySelector('table td'),
)`;
const filter = (text: string) => `(${PAINTED})(
  () => {
    const input = document.querySelector('input[type="search"]');
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, ${JSON.stringify(text)});
    input.dispatchEvent(new Event("input", { bubbles: true }));
  },
  () => document.querySelector('[role="status"].map-found').textContent.startsWith(${JSON.stringify(text === "" ? "702" : "1 ")}),
)`;
