import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DeployedMap } from "../../../plan/map/map-file.ts";
import { mapPage } from "../../../plan/map/page/page.ts";
import { manyThings } from "../../../plan/map/testing/many-things.ts";
import { findChromium, PATIENCE, requireService } from "../require.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { width: 380, height: 800 };
const DESKTOP = { width: 1280, height: 900 };

// The page that `lectern report` writes, opened from the disk as people open it.
requireService("a browser (chromium)", findChromium, (program) => {
  let browser: Browser;
  let folder: string;
  let page: Page;
  let faults: string[];
  beforeAll(async () => {
    // A container has no sandbox for it; the page is our own.
    browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "lectern-report-page-"));
    page = await browser.newPage({ viewport: DESKTOP });
    page.setDefaultTimeout(PATIENCE);
    faults = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  });
  afterEach(async () => {
    expect(faults).toEqual([]);
    await page.close();
    rmSync(folder, { recursive: true });
  });

  async function open(map: DeployedMap): Promise<void> {
    const file = join(folder, "report.html");
    writeFileSync(file, mapPage(map));
    await page.goto(pathToFileURL(file).href);
  }
  const shown = async () =>
    (await page.locator("section.kind tbody tr:visible .id").allTextContents()).sort();
  const overflow = () => page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");

  /** What axe finds that keeps people from reading the page. */
  async function barriers(): Promise<string[]> {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
    );
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }

  describe.each(["light", "dark"] as const)("in %s colours", (colorScheme) => {
    it.each(Object.entries({ phone: PHONE, desktop: DESKTOP }))(
      "has no barrier, and fits a %s",
      async (_, size) => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(size);
        await open(manyThings({ hubs: 20, articles: 20 }));
        for (const summary of await page.locator("summary").all()) await summary.click();
        expect(await barriers()).toEqual([]);
        expect(await overflow()).toBeLessThanOrEqual(0);
      },
    );
  });

  it("filters by words, kind and state, and says how much is left", async () => {
    await open(manyThings({ hubs: 170, articles: 500 }));
    expect(await page.getByRole("status").textContent()).toBe("702 things");
    await page.getByLabel("Find").fill("COURSE-10 staging");
    await page.getByLabel("State").selectOption("held");
    expect(await shown()).toEqual(["course-10", "course-100"]);
    await page.getByLabel("State").selectOption("");
    await page.getByLabel("Find").fill("sha256:00000bb8");
    await page.getByLabel("Kind").selectOption("hub");
    expect(await shown()).toEqual(["cluster-0/hub-0"]);
    expect(await page.getByRole("status").textContent()).toBe("1 of 702 things");
    expect(await page.getByRole("heading", { name: /Courses/ }).isVisible()).toBe(false);
  });

  it("is printed as a whole, without filters, with the addresses of its links", async () => {
    await open(manyThings({ hubs: 20, articles: 20 }));
    await page.emulateMedia({ media: "print" });
    expect(await page.getByLabel("Find").isVisible()).toBe(false);
    expect(await shown()).toHaveLength(72);
    const after = "getComputedStyle(document.querySelector('td a'), '::after').content";
    expect(await page.evaluate(after)).toContain("https://qbook.example/learn/course-0");
  });

  it("works without its script", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const still = await context.newPage();
    const file = join(folder, "still.html");
    writeFileSync(file, mapPage(manyThings({ hubs: 5, articles: 5 })));
    await still.goto(pathToFileURL(file).href);
    expect(await still.locator("section.kind tbody tr:visible").count()).toBe(42);
    expect(await still.getByLabel("Find").isVisible()).toBe(false);
    await context.close();
  });
});
