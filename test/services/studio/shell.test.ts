import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  course,
  markdownCell,
  notebook,
  PIXEL,
} from "../../../components/article/source/testing/articles.ts";
import { findChromium, requireService } from "../require.ts";
import { onEveryScreen, SCRIPT, studioInBrowser, unreachable } from "./studio-browser.ts";

const json = (value: object) => JSON.stringify(value);
const named = (courseName: string) =>
  json(course({ courseName, imageLink: { darkLogo: "logo.png", lightLogo: "logo.png" } }));
const FILES = {
  "catalog/courses/dice/course.json": named("Fair dice"),
  "catalog/courses/dice/one.ipynb": json(notebook([markdownCell("# Dice")])),
  "catalog/courses/hostile/course.json": named(`Hostile ${SCRIPT}`),
  "catalog/courses/hostile/one.ipynb": json(notebook([markdownCell(SCRIPT)])),
  "catalog/courses/dice/logo.png": PIXEL,
  "catalog/courses/hostile/logo.png": PIXEL,
  "catalog/blogs/broken/course.json": `{ "courseName": "${"A long word".replaceAll(" ", "").repeat(20)}"`,
};

requireService("a browser (chromium)", findChromium, (chromium) => {
  const start = studioInBrowser(chromium);

  describe.each(["light", "dark"] as const)("in %s colours", (colorScheme) => {
    it("the articles have no serious barrier, and fit a phone and a desktop", async () => {
      const { page, open, faults } = await start({ files: FILES });
      await page.emulateMedia({ colorScheme });
      await onEveryScreen(page, `articles-${colorScheme}`, async () => {
        await open("articles");
        for (const name of [/Hostile/, /broken/]) await page.getByRole("button", { name }).click();
        await page.getByText("has a script").waitFor();
      });
      expect(faults).toEqual([]);
    });
  });

  it("loads less than 250 kB of scripts and styles, compressed, to show the page that it opens with", async () => {
    const { page, open } = await start({ files: FILES });
    // What the page before still loads would be gone with it.
    await page.goto("about:blank");
    const loading: Promise<Buffer>[] = [];
    page.on("response", (response) => {
      if (/\.(js|css)$/.test(new URL(response.url()).pathname)) loading.push(response.body());
    });
    await open("profiles");
    await page.getByRole("heading", { level: 1 }).waitFor();
    const sizes = (await Promise.all(loading)).map((body) => gzipSync(body).length);
    expect(sizes.length).toBeGreaterThan(5);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(250_000);
  });

  it("a keyboard alone reaches everything, and opens what is closed", async () => {
    const { page, open } = await start({ files: FILES });
    await open("articles");
    await page.getByRole("heading", { name: /Hostile/ }).waitFor();
    expect(await unreachable(page)).toEqual([]);
    await page.getByRole("button", { name: /Hostile/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("has a script").waitFor();
    await page.getByRole("switch", { name: "Only articles with problems" }).focus();
    await page.keyboard.press("Space");
    await expect.poll(() => page.getByText("Fair dice").count()).toBe(0);
  });

  it("what authors wrote is shown as text, and nothing of it acts", async () => {
    const { page, open, faults } = await start({ files: FILES });
    await open("articles");
    expect(await page.getByRole("heading", { name: /Hostile/ }).textContent()).toContain(SCRIPT);
    await page.getByRole("button", { name: /Hostile/ }).click();
    await page.getByText("<script>").last().waitFor();
    expect(await page.evaluate("globalThis.attacked")).toBe(undefined);
    expect(faults).toEqual([]);
  });

  it("says what to do where the server is gone, and at an address that is no page", async () => {
    const { page, open, faults } = await start({ files: FILES });
    await open("no-such-page");
    await page.getByRole("heading", { level: 1, name: "No such page" }).waitFor();
    expect(await page.title()).toBe("No such page · Lectern Studio");
    expect(faults).toEqual([]);
    await page.context().setOffline(true);
    await page.getByRole("link", { name: "Articles" }).click();
    await page.getByRole("alert").getByText("Check that").waitFor();
    await page.context().setOffline(false);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Fair dice" }).waitFor();
  });

  it("keeps the colours that a person chose", async () => {
    const { page, open } = await start({ files: FILES });
    await open("articles");
    await page.getByText("Dark", { exact: true }).click();
    await open("articles");
    await page.getByRole("radio", { name: "Dark" }).waitFor();
    const colour = "getComputedStyle(document.body).backgroundColor";
    await expect.poll(() => page.evaluate(colour)).toBe("rgb(20, 23, 28)");
  });
});
