import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Qbook, startQbook } from "../../../sandbox/services/qbook/qbook.ts";
import { findChromium, PATIENCE, requireService } from "../require.ts";
import { makeCourse } from "./lesson.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const KEY = "key";
const PHONE = { width: 380, height: 800 };
const DESKTOP = { width: 1280, height: 900 };

requireService("a browser (chromium)", findChromium, (program) => {
  let browser: Browser;
  let folder: string;
  let qbook: Qbook;
  let page: Page;
  let course: string;
  let faults: string[];

  beforeAll(async () => {
    // A container has no sandbox for it; the pages are our own.
    browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "lectern-pages-"));
    qbook = await startQbook({ folder: join(folder, "qbook"), apiKey: KEY, latency: 0 });
    await send("POST", "/learn/articles/course/ingest");
    course = `/learn/${qbook.articles()[0]?.customId}`;
    page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    faults = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    page.on("response", (response) => response.status() >= 400 && faults.push(response.url()));
  });
  afterEach(async () => {
    await page.close();
    await qbook.stop();
    rmSync(folder, { recursive: true });
  });

  const send = (method: string, path: string) =>
    fetch(`${qbook.url}${path}`, {
      method,
      headers: { "x-api-key": KEY },
      body: JSON.stringify(makeCourse(join(folder, "course"))),
    });
  const open = (path: string) => page.goto(new URL(path, qbook.url).href, { waitUntil: "load" });

  /** What axe finds that keeps people from reading the page. */
  async function barriers(): Promise<string[]> {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
    );
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }

  describe.each([
    ["the list", () => "/"],
    ["an article", () => course],
  ])("%s", (_name, path) => {
    it.each(["light", "dark"] as const)("has no serious barrier in %s colours", async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await open(path());
      expect(await barriers()).toEqual([]);
    });

    it("fits a phone and a desktop, and loads all that it names", async () => {
      for (const size of [PHONE, DESKTOP]) {
        await page.setViewportSize(size);
        await open(path());
        await page.evaluate("document.fonts.ready");
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(size.width);
      }
      expect(faults).toEqual([]);
    });

    it("has one title, its landmarks and a way back", async () => {
      await open(path());
      expect(await page.locator("h1").count()).toBe(1);
      expect(await page.getByRole("main").count()).toBe(1);
      await page.getByRole("banner").getByRole("link", { name: "All articles" }).click();
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Articles");
    });
  });

  it("sets formulas in KaTeX's own fonts, and names a chapter once", async () => {
    await open(course);
    await page.evaluate("document.fonts.ready");
    expect(await page.evaluate('document.fonts.check("1em KaTeX_Main")')).toBe(true);
    const font = "getComputedStyle(document.querySelector('.katex .mord')).fontFamily";
    expect(await page.evaluate(font)).toMatch(/^KaTeX_/);
    expect(await page.getByRole("heading", { name: "Two qubits" }).count()).toBe(1);
    for (const image of await page.locator("img").all()) {
      expect(await image.getAttribute("alt")).toMatch(/\w/);
    }
    expect(await page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")).toBe(true);
  });

  it("shows the HTML of an author, of which nothing acts", async () => {
    await open(course);
    const main = page.getByRole("main");
    await main.getByText("More", { exact: true }).click();
    await expect.poll(() => main.getByText("Hidden at first").isVisible()).toBe(true);
    expect(await main.getByRole("link", { name: "Embedded: https://example.org/film" }).count()).toBe(1);
    expect(await page.locator("main script, main style, iframe").count()).toBe(0);
    expect(await page.evaluate("globalThis.attacked")).toBe(undefined);
    expect(await page.getByRole("contentinfo").count()).toBe(1);
    expect(faults).toEqual([]);
  });

  it("is loaded again when its article has been deployed again, and when the list gets longer", async () => {
    const list = await browser.newPage();
    await list.goto(new URL("/", qbook.url).href);
    await open(course);
    await expect.poll(() => page.locator(".note").textContent()).toContain("revision 1");
    await send("PUT", course.replace("/learn", "/learn/articles/course"));
    await expect.poll(() => page.locator(".note").textContent()).toContain("revision 2");
    await send("POST", "/learn/articles/course/ingest");
    await list.bringToFront();
    await expect.poll(() => list.getByRole("main").getByRole("listitem").count()).toBe(2);
    await list.close();
  });
});
