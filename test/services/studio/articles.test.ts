import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, expect, it, onTestFinished } from "vitest";
import { fingerprintArticle } from "../../../components/article/source/fingerprint.ts";
import {
  chapter,
  course,
  markdownCell,
  notebook,
  PIXEL,
} from "../../../components/article/source/testing/articles.ts";
import { findChromium, requireService } from "../require.ts";
import { onEveryScreen, studioInBrowser, unreachable } from "./studio-browser.ts";

const HOSTILE =
  "<script>parent.attacked = true</script><img src=logo.png onload='parent.attacked = true' alt='A logo'>";
const cells = [
  markdownCell(`# Two qubits\n\nThe state $\\frac{1}{\\sqrt 2}(|00\\rangle + |11\\rangle)$.\n\n${HOSTILE}`),
  markdownCell(Array.from({ length: 30 }, (_, line) => `Paragraph ${line}`).join("\n\n")),
];
const LOGOS = { imageLink: { darkLogo: "logo.png", lightLogo: "logo.png" } };
const VALID = course({ ...LOGOS, content: [chapter()] });
const FILES = {
  "catalog/courses/states/course.json": JSON.stringify(
    course({
      ...LOGOS,
      content: [chapter(), chapter({ chapterName: "Missing", chapterNumber: 2, baseFilePath: "none.ipynb" })],
    }),
  ),
  "catalog/courses/states/one.ipynb": JSON.stringify(notebook(cells)),
  "catalog/courses/states/logo.png": PIXEL,
};

/** Staging has what the repository's commit has, and production something that nobody has committed. */
function reportOf(fingerprint: string) {
  const at = "2026-03-01T00:00:00.000Z";
  const stack = (name: string, digest: string) => ({
    ...{ stack: name, environment: name },
    outputs: { read: at, things: [{ id: "course/states", kind: "course", digest, since: at }] },
  });
  const stacks = [stack("prod", `sha256:${"0".repeat(64)}`), stack("staging", fingerprint)];
  return { version: 1, made: at, stacks };
}

requireService("a browser (chromium)", findChromium, (chromium) => {
  const start = studioInBrowser(chromium);

  it("an article shows its problems, and a notebook when it is opened, of which nothing acts", async () => {
    const { page, open, faults } = await start({ files: FILES });
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await open("articles");
    await page.getByRole("link", { name: "Quantum states" }).click();
    await page.getByRole("heading", { level: 1, name: "Quantum states" }).waitFor();
    await page.getByText('There is no notebook "none.ipynb"').waitFor();
    expect(asked.filter((url) => url.includes("/notebook/"))).toEqual([]);
    await page.getByRole("button", { name: /^Entanglement/ }).click();
    const frame = page.frameLocator('iframe[title="Notebook of “Entanglement”"]');
    await frame.getByText("Paragraph 29").waitFor();
    await frame.getByRole("img", { name: "A logo" }).waitFor();
    await frame.locator(".katex").first().waitFor();
    // It is as tall as what it shows, and nothing in it has acted or was refused by the policy.
    await expect.poll(async () => (await page.locator("iframe").boundingBox())?.height).toBeGreaterThan(900);
    expect(await page.evaluate("globalThis.attacked")).toBe(undefined);
    expect(faults).toEqual([]);
  });

  it.each(["light", "dark"] as const)(
    "has no serious barrier in %s colours, and fits",
    async (colorScheme) => {
      const { page, open } = await start({ files: FILES });
      await page.emulateMedia({ colorScheme });
      await onEveryScreen(page, `article-${colorScheme}`, async () => {
        await open("articles/course/states");
        await page.getByRole("button", { name: /^Entanglement/ }).click();
        await page.frameLocator("iframe").getByText("Paragraph 29").waitFor();
        await expect
          .poll(async () => (await page.locator("iframe").boundingBox())?.height)
          .toBeGreaterThan(900);
        expect(await unreachable(page)).toEqual([]);
      });
    },
  );

  it.each(["light", "dark"] as const)(
    "shows by notebook and cell what differs from what is deployed, in %s colours",
    async (colorScheme) => {
      const reports = mkdtempSync(join(tmpdir(), "lectern-reports-"));
      onTestFinished(() => rmSync(reports, { recursive: true }));
      // Nobody deploys an article with errors.
      const files = { ...FILES, "catalog/courses/states/course.json": JSON.stringify(VALID) };
      const { page, root, open, faults } = await start({
        files,
        studio: { deployed: { reports: [reports] } },
      });
      const folder = join(root, "catalog/courses/states");
      const { article } = await fingerprintArticle(folder, "course");
      assert(article);
      writeFileSync(join(reports, "report.json"), JSON.stringify(reportOf(article.fingerprint)));
      writeFileSync(join(folder, "one.ipynb"), JSON.stringify(notebook([...cells, markdownCell(HOSTILE)])));
      await page.emulateMedia({ colorScheme });
      await onEveryScreen(page, `difference-${colorScheme}`, async () => {
        await open("articles/course/states");
        await page.getByRole("button", { name: "What differs from staging" }).click();
        await page.getByText("chapter 1 'Entanglement': 1 cell added").waitFor();
        const frame = page.frameLocator('iframe[title="Cells that differ from staging"]');
        await frame.locator("ins").getByText("<script>").first().waitFor();
        await frame.getByText("2 cells unchanged").waitFor();
        expect(await unreachable(page)).toEqual([]);
      });
      await page.getByRole("button", { name: "What differs from prod" }).click();
      await page.getByText(/What differs can't be shown: no commit of this repository has it/).waitFor();
      expect(await page.evaluate("globalThis.attacked")).toBe(undefined);
      expect(faults).toEqual([]);
    },
  );

  it("an address of an article that is gone says so", async () => {
    const { page, open } = await start({ files: FILES });
    await open("articles/course/gone");
    await page.getByText('the catalog has no course "gone"').waitFor();
    await page.getByRole("link", { name: "All articles" }).click();
    await page.getByRole("heading", { level: 1, name: "Articles" }).waitFor();
  });
});
