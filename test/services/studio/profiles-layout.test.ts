import { expect, it } from "vitest";
import { findChromium, requireService } from "../require.ts";
import { CAMPUS, registryStandIn } from "./guide/campus.ts";
import { barriers, overflow, screenshot, studioInBrowser } from "./studio-browser.ts";

requireService("a browser (chromium)", findChromium, (chromium) => {
  const start = studioInBrowser(chromium);

  it.each([1000, 1152, 1280, 1408, 1440])(
    "the list of profiles stays in view at %d pixels",
    async (width) => {
      const { page, open } = await start({ files: CAMPUS, registry: registryStandIn });
      await page.setViewportSize({ width, height: 800 });
      await open("profiles/campus");
      await page.getByRole("row", { name: "Large memory" }).click();
      await page.getByRole("button", { name: "Make default" }).click();
      const bar = page.getByRole("region", { name: "Changes" });
      // Its last text, with which it is as high as it stays.
      await bar.getByText(/by itself|has to review/).waitFor();
      const form = page.getByRole("region", { name: "What users see" });
      await form.locator("iframe").first().waitFor();
      // Where the last of the editor's parts is worked on.
      await page.getByRole("button", { name: "Add option" }).scrollIntoViewIfNeeded();
      await page.evaluate("scrollBy(0, 300)");
      const list = await page.getByRole("row", { name: "Standard" }).boundingBox();
      const add = await page.getByRole("button", { name: "Add profile" }).boundingBox();
      const top = (await bar.boundingBox())?.y ?? 0;
      expect(list?.y).toBeGreaterThanOrEqual(0);
      expect((add?.y ?? 0) + (add?.height ?? 0)).toBeLessThanOrEqual(top);
      const shown = await form.boundingBox();
      // Between these widths, the form is below the list; above them, beside it; and below them, under the editor.
      if (width > 1152) expect((shown?.y ?? 0) + 200).toBeLessThanOrEqual(top);
      if (width > 1152 && width <= 1408) {
        expect(shown?.y).toBeGreaterThanOrEqual((add?.y ?? 0) + (add?.height ?? 0));
      }
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await barriers(page)).toEqual([]);
      await screenshot(page, `profiles-scrolled-${width}`);
    },
  );
});
