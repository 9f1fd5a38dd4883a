import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, it, onTestFinished } from "vitest";
import { OUTPUTS } from "../../../cli/report/testing/state.ts";
import { type DeployedMap, mapSchema } from "../../../plan/map/map-file.ts";
import { manyThings } from "../../../plan/map/testing/many-things.ts";
import { findChromium, requireService } from "../require.ts";
import { onEveryScreen, SCRIPT, studioInBrowser, unreachable } from "./studio-browser.ts";

const LARGE = manyThings({ hubs: 170, articles: 500 });

const FAILURE = {
  ...{ course: "course/bell", notebook: "two.ipynb", cell: 4, error: `NameError: ${SCRIPT}` },
  ...{ image: `registry.example/lab@sha256:${"a".repeat(64)}`, others: 1 },
  changes: ["numpy (pypi) 1.26.4 → 2.3.5"],
};

const SMALL: DeployedMap = mapSchema.parse({
  ...{ version: 1, made: "2026-11-30T12:00:00Z" },
  stacks: ["prod", "staging"].map((stack) => ({
    ...{ stack, environment: stack },
    outputs: {
      ...{ read: "2026-11-30T12:00:00Z", deployed: "2026-11-30T10:00:00Z" },
      things: [
        {
          id: "course/dice",
          kind: "course",
          title: `Fair dice ${SCRIPT}`,
          url: "javascript:globalThis.attacked = true",
        },
        {
          ...{ id: "course/bell", kind: "course", title: "Bell states", url: "https://qbook.example/bell" },
          ...{
            digest: OUTPUTS.articles["course/bell"].fingerprint,
            since: "2026-11-29T08:00:00Z",
            uses: ["Python 3"],
          },
          ...(stack === "prod"
            ? { held: { reason: "staging has not processed it yet", deployed: true, failure: FAILURE } }
            : {}),
        },
        { id: `hub/campus/${stack}`, kind: "hub", version: "hub 0.1.0", healthy: stack === "staging" },
      ],
    },
    drift: {
      ...{ at: "2026-11-30T02:43:00Z", state: "drift", errors: [] },
      differences: [
        {
          thing: `hub/campus/${stack}`,
          what: "ConfigMap hub: data.x was changed",
          fate: "undone",
          by: "kubectl-edit",
        },
        { thing: "Namespace jupyterhub", what: "it is gone", fate: "refresh" },
      ],
    },
    history: [
      {
        ...{ at: "2026-11-30T10:00:00Z", kind: "update", result: "succeeded", counts: { update: 1 } },
        ...{ commit: "3e1a9d4c".repeat(5), changes: [] },
      },
      {
        ...{ at: "2026-11-29T10:00:00Z", kind: "changes", begun: "2026-11-28T10:00:00Z" },
        changes: [
          {
            id: "course/bell",
            label: "course bell",
            change: "updated",
            before: "sha256:a",
            after: "sha256:b",
          },
        ],
      },
    ],
  })),
});

requireService("a browser (chromium)", findChromium, (chromium) => {
  const start = studioInBrowser(chromium);
  const startWith = async (map?: DeployedMap) => {
    const folder = mkdtempSync(join(tmpdir(), "lectern-map-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    if (map) writeFileSync(join(folder, "report.json"), JSON.stringify(map));
    return start({ files: {}, studio: { deployed: { reports: map ? [folder] : [] } } });
  };
  const table = (page: Page) => page.getByRole("table", { name: "Things" });
  const names = (page: Page) => table(page).locator(".map-name .map-title").allTextContents();

  describe.each(["light", "dark"] as const)("in %s colours", (colorScheme) => {
    it("the map and its history have no serious barrier, and fit a phone and a desktop", async () => {
      const { page, open, faults } = await startWith(SMALL);
      await page.emulateMedia({ colorScheme });
      for (const [view, path] of Object.entries({ map: "map", history: "map/history" })) {
        await onEveryScreen(page, `${view}-${colorScheme}`, async () => {
          await open(path);
          await page
            .getByText(view === "map" ? "Bell states" : "update succeeded")
            .first()
            .waitFor();
        });
      }
      expect(faults).toEqual([]);
    });
  });

  it("says of each thing what each stack has, why it is held and what drifted, and shows other people's texts as texts", async () => {
    const { page, open, faults } = await startWith(SMALL);
    await open("map");
    const bell = table(page).getByRole("row").filter({ hasText: "Bell states" });
    await bell.getByText("staging has not processed it yet; it stays as it is").waitFor();
    expect(await bell.getByRole("cell").allTextContents()).toEqual([
      expect.stringContaining("since 2026-11-29 08:00 UTC"),
      expect.stringContaining("Held"),
    ]);
    expect(await bell.getByRole("link", { name: "Open Bell states · prod" }).getAttribute("href")).toBe(
      "https://qbook.example/bell",
    );
    const notebooks = page.getByRole("region", { name: "Held by a notebook" });
    expect(await notebooks.getByRole("listitem").allTextContents()).toEqual([
      expect.stringMatching(
        /^Bell states prod · course\/bell, two\.ipynb, cell 4NameError: <script>.*; 1 more notebook fails; changed with the image: numpy .*lectern:override for course\/bell$/,
      ),
    ]);
    await table(page).getByText("ConfigMap hub: data.x was changed by kubectl-edit").first().waitFor();
    await page.getByText("Namespace jupyterhub: it is gone").first().waitFor();
    expect(await table(page).getByText("<script>").count()).toBe(1);
    expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
    expect(await page.evaluate("globalThis.attacked")).toBe(undefined);
    expect(faults).toEqual([]);
  });

  it("keeps what is asked of it in the address, which another window opens as it is", async () => {
    const { page, open, another } = await startWith(SMALL);
    await open("map");
    await page.getByLabel("Kind").selectOption("course");
    await page.getByLabel("Find").fill("bell");
    await expect.poll(() => names(page)).toEqual(["Bell states"]);
    await expect.poll(() => new URL(page.url()).search).toBe("?kind=course&text=bell");
    const other = await another();
    await other.goto(page.url());
    await expect.poll(() => names(other)).toEqual(["Bell states"]);
    await other.getByRole("button", { name: /Drifted/ }).click();
    await other.getByText("Nothing is like that.").waitFor();
    await other.getByLabel("Find").fill("");
    await other.getByLabel("Kind").selectOption("");
    await expect.poll(() => names(other)).toEqual(["campus/prod", "campus/staging"]);
  });

  it("has the history of deployments, with what they changed", async () => {
    const { page, open } = await startWith(SMALL);
    await open("map");
    await page.getByRole("link", { name: "History" }).click();
    await page.getByLabel("Stack").selectOption("staging");
    await expect.poll(() => page.getByRole("listitem").filter({ hasText: "UTC" }).count()).toBe(2);
    await page.getByText("sha256:a → sha256:b").waitFor();
    await page.goBack();
    await table(page).waitFor();
  });

  it("a keyboard alone reaches everything", async () => {
    const { page, open } = await startWith(SMALL);
    for (const path of ["map", "map/history"]) {
      await open(path);
      await page.getByLabel("Find").waitFor();
      expect(await unreachable(page)).toEqual([]);
    }
  });

  it("a keyboard gets to lines that are far below the window", async () => {
    const { page, open } = await startWith(LARGE);
    await open("map");
    const row = () =>
      page.evaluate<number>("Number(document.activeElement.closest('tr')?.ariaRowIndex ?? 0)");
    await table(page).getByRole("link").first().focus();
    for (let count = 0; count < 120; count++) {
      const before = await row();
      await page.keyboard.press("Tab");
      await expect.poll(row).toBeGreaterThanOrEqual(before);
    }
    // Two links each: one of staging, one of production.
    expect(await row()).toBeGreaterThan(55);
  });

  it("says how to get a report where there is none", async () => {
    const { page, open, faults } = await startWith();
    await open("map");
    await page.getByText("lectern studio --reports reports").waitFor();
    expect(faults).toEqual([]);
  });

  it("shows 170 hubs and 500 articles, and finds one of them", async () => {
    const { page, open } = await startWith(LARGE);
    await open("map");
    await table(page).waitFor();
    await page.getByLabel("Find").fill("hub-169");
    await page.getByText("1 thing", { exact: true }).waitFor();
    await page.getByLabel("Find").fill("");
    await page.getByText("702 things").waitFor();
    // All of it is there for who scrolls, and only a part of it in the document.
    expect(await table(page).getAttribute("aria-rowcount")).toBe("707");
    expect(await table(page).getByRole("row").count()).toBeLessThan(60);
    const atEnd = async () => {
      await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
      return (await names(page)).at(-1);
    };
    await expect.poll(atEnd).toBe("cluster-9/hub-93");
  });
});
