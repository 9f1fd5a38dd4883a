import { expect, it } from "vitest";
import { findChromium, requireService } from "../require.ts";
import { CAMPUS, IMAGES, registryStandIn } from "./guide/campus.ts";
import {
  barriers,
  DESKTOP,
  openList,
  overflow,
  PHONE,
  screenshot,
  studioInBrowser,
  unreachable,
} from "./studio-browser.ts";

const NO_IMAGES = { "catalog/clusters/campus/profiles.yaml": "- { display_name: Lab }\n" };
const SECOND = { [IMAGES]: `${CAMPUS[IMAGES]}gpu: # for the lab\n  repository: ghcr.io/my-university/gpu\n` };

requireService("a browser (chromium)", findChromium, (chromium) => {
  const start = studioInBrowser(chromium);
  const startWith = (files: Readonly<Record<string, string>> = CAMPUS) =>
    start({ files, registry: registryStandIn });

  it("what a policy gives is shown before it is saved, and what is recommended is promoted and rolled back", async () => {
    const { page, open, faults } = await startWith();
    await open("images/campus");
    const menu = page.getByRole("region", { name: "The menu" });
    await menu.getByText("Recommended (Weekly 2026_10)").waitFor();
    await openList(page.getByLabel("Recommend another image").first());
    await page.getByRole("option", { name: /Weekly 2026_11/ }).click();
    await menu.getByText("Recommended (Weekly 2026_11)").waitFor();
    await page.getByText("get w_2026_11 instead of w_2026_10").waitFor();
    await screenshot(page, "images-promoted");
    await page.getByRole("button", { name: "Back to w_2026_10" }).click();
    await menu.getByText("Recommended (Weekly 2026_10)").waitFor();
    await page.getByLabel("Newest weeklies").fill("0");
    await expect.poll(() => menu.getByRole("listitem").count()).toBe(2);
    expect(faults).toEqual([]);
  });

  it("an entry is added with a repository, and shows its menu before it is saved", async () => {
    const { page, open } = await startWith();
    await open("images/campus");
    await page.getByRole("button", { name: "Add entry" }).click();
    await page.getByText("Write up to 63 letters").waitFor();
    await page.getByLabel("Name of the entry").fill("science");
    await page.getByText("There is an entry of this name").waitFor();
    await page.getByLabel("Name of the entry").fill("gpu");
    await page.getByRole("textbox", { name: "Repository" }).last().fill("ghcr.io/my-university/gpu");
    await page.keyboard.press("Enter");
    const card = page
      .getByRole("listitem")
      .filter({ has: page.getByRole("heading", { name: "gpu", exact: true }) });
    await card.getByRole("region", { name: "The menu" }).getByText("Recommended (Weekly 2026_10)").waitFor();
    await card.getByText("No profile offers it").waitFor();
    await card.getByLabel("Name in menus").fill("With GPU");
    await screenshot(page, "images-added");
    await page.getByRole("button", { name: "Show difference" }).click();
    await page.getByRole("dialog").getByText("+  repository: ghcr.io/my-university/gpu").waitFor();
    await page.getByRole("dialog").getByText("+  display_name: With GPU").waitFor();
  });

  it("an entry that a profile offers can't be deleted, another can, and comes back", async () => {
    const { page, open } = await startWith({ ...CAMPUS, ...SECOND });
    await open("images/campus");
    await page.getByText(/^Offered by Standard.*Large memory; it can be deleted once/).waitFor();
    expect(await page.getByRole("button", { name: "Delete science" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Delete gpu" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("gpu was deleted.").waitFor();
    await page.getByRole("region", { name: "Changes", exact: true }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Delete gpu" }).waitFor();
    await page.getByRole("region", { name: "Changes", exact: true }).waitFor({ state: "detached" });
  });

  it("a cluster without images.yaml gets one with its first entry", async () => {
    const { page, open } = await startWith(NO_IMAGES);
    await open("images/campus");
    await page.getByText("This cluster has no entry yet").waitFor();
    await page.getByLabel("Name of the entry").fill("science");
    await page.getByLabel("Repository").fill("registry.example/science");
    await page.getByRole("button", { name: "Add entry" }).click();
    // No catalog names the registry yet, so that the draft does not lead the server there.
    await page.getByText(/names the registry registry\.example yet/).waitFor();
    await page.getByRole("button", { name: "Delete science" }).click();
    await page.getByText("This cluster has no entry yet").waitFor();
    await page.getByRole("region", { name: "Changes", exact: true }).waitFor({ state: "detached" });
  });

  it("on a phone, the bar with the changes covers nothing of what differs", async () => {
    const { page, open } = await startWith();
    await page.setViewportSize(PHONE);
    await open("images/campus");
    await openList(page.getByLabel("Recommend another image").first());
    await page.getByRole("option", { name: /Weekly 2026_11/ }).click();
    const difference = page.getByRole("region", { name: /w_2026_10.*w_2026_11/ });
    await difference.waitFor();
    const bar = page.getByRole("region", { name: "Changes", exact: true });
    // Its last text, with which it is as high as it stays.
    await bar.getByText(/by itself|has to review/).waitFor();
    const height = (await bar.boundingBox())?.height ?? 0;
    expect(height).toBeLessThanOrEqual(PHONE.height / 4);
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
    const end = await page.getByRole("button", { name: "Add entry" }).boundingBox();
    const top = (await bar.boundingBox())?.y ?? 0;
    expect((end?.y ?? 0) + (end?.height ?? 0)).toBeLessThan(top);
    await difference.evaluate((element) => element.scrollIntoView({ block: "end" }));
    const shown = await difference.boundingBox();
    expect((shown?.y ?? 0) + (shown?.height ?? 0)).toBeLessThanOrEqual(top);
    await screenshot(page, "images-difference-phone");
  });

  it.each(["light", "dark"] as const)(
    "the images have no serious barrier in %s colours, and a keyboard reaches them",
    async (colorScheme) => {
      const { page, open } = await startWith();
      await page.emulateMedia({ colorScheme });
      for (const [size, viewport] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
        await page.setViewportSize(viewport);
        await open("images/campus");
        await page.getByText("Recommended (Weekly 2026_10)").first().waitFor();
        expect(await barriers(page)).toEqual([]);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        await screenshot(page, `images-${colorScheme}-${size}`);
      }
      expect(await unreachable(page)).toEqual([]);
    },
  );
});
