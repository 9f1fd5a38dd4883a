import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { digestOf } from "../../../components/digest.ts";
import { seedImage } from "../../../sandbox/services/registry/image.ts";
import type { RegistryStandIn } from "../../../sandbox/services/registry/registry.ts";
import { client, registriesOfEachTest, standIn } from "../registry/registry-fixture.ts";
import { findChromium, requireService } from "../require.ts";
import {
  barriers,
  DESKTOP,
  draftOf,
  openList,
  overflow,
  PHONE,
  screenshot,
  studioInBrowser,
} from "./studio-browser.ts";

const DAY = 86_400_000;
const IMAGES = [["w_2026_09"], ["w_2026_10", "recommended"], ["r1_0_0"], ["w_2026_11", "latest"]];
const OLD = Array.from({ length: 40 }, (_, week) => [`w_2025_${String(week + 1).padStart(2, "0")}`]);

/** Attaches a list of packages to the image of a tag, as `oras attach` does. */
async function listPackages(
  { store }: RegistryStandIn,
  tag: string,
  packages: Readonly<Record<string, string>>,
): Promise<void> {
  const { digest = "", mediaType } = store.find("science", tag) ?? {};
  const put = async (type: string, value: object) => {
    const bytes = Buffer.from(JSON.stringify(value));
    return { mediaType: type, digest: await store.putBlob("science", bytes), size: bytes.length };
  };
  const components = Object.entries(packages).map(([name, version]) => ({ type: "library", name, version }));
  const list = { bomFormat: "CycloneDX", specVersion: "1.6", components };
  const type = "application/vnd.oci.image.manifest.v1+json";
  const manifest = {
    schemaVersion: 2,
    mediaType: type,
    artifactType: "application/vnd.cyclonedx+json",
    config: await put("application/vnd.oci.empty.v1+json", {}),
    layers: [await put("application/vnd.cyclonedx+json", list)],
    subject: { mediaType, digest, size: (await store.read(digest)).length },
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  await store.putManifest("science", digestOf(bytes), bytes, type);
}

/**
 * While a list is open, what is behind it is hidden from screen readers. axe objects to its fields, but Tab closes the list
 * before it leads to them.
 */
const barriersWhileOpen = async (page: Page) =>
  (await barriers(page)).filter((barrier) => !barrier.startsWith("aria-hidden-focus"));

requireService("a browser (chromium)", findChromium, (chromium) => {
  registriesOfEachTest();
  const start = studioInBrowser(chromium);

  /** A studio over a registry that has these tags, the last image two days old, each other a week older than its next. */
  const opened = async () => {
    const registry = await standIn();
    const all = [...OLD, ...IMAGES];
    for (const [index, tags] of all.entries()) {
      const created = new Date(Date.now() - 2 * DAY - (all.length - 1 - index) * 7 * DAY).toISOString();
      const [content = ""] = tags;
      const config = { Labels: { "org.opencontainers.image.version": content } };
      const about = { content, created, config, base: ["the system"] };
      const { digest } = await seedImage(registry.store, "science", about);
      registry.store.tag("science", Object.fromEntries(tags.map((tag) => [tag, digest])));
    }
    const policy = { recommended: "w_2026_10", releases: 1, weeklies: 2, dailies: 0 };
    const science = { repository: `${registry.host}/science`, alias: "recommended", policy };
    const files = {
      "catalog/clusters/campus/images.yaml": JSON.stringify({ science }),
      "catalog/clusters/campus/profiles.yaml": "- { display_name: Lab, images: science }\n",
    };
    const own = client();
    const digest = (tag: string) => registry.store.find("science", tag)?.digest ?? "";
    return { ...(await start({ files, registry: async () => own })), registry, digest };
  };

  it("an image is added to a profile by its digest, found and chosen with the keyboard alone", async () => {
    const { page, open, faults, registry, digest } = await opened();
    await open("profiles/campus");
    const field = page.getByRole("combobox", { name: "Add an image" });
    await field.focus();
    const options = page.getByRole("option");
    await page.getByRole("option", { name: /Recommended \(Weekly 2026_10\).*2 weeks ago/ }).waitFor();
    await expect.poll(() => options.count()).toBe(24);
    await page.getByText("22 more: write a part of the name to find them.").waitFor();
    expect(await barriersWhileOpen(page)).toEqual([]);
    await screenshot(page, "tag-picker-profiles");
    await page.keyboard.type("weekly 2025_03");
    await expect.poll(() => options.count()).toBe(1);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => draftOf(page, "profiles.yaml"))
      .toEqual([
        {
          display_name: "Lab",
          images: [
            "science",
            {
              image: `${registry.host}/science:w_2025_03@${digest("w_2025_03")}`,
              display_name: "Weekly 2025_03",
            },
          ],
        },
      ]);
    await page.getByRole("button", { name: "Remove Weekly 2025_03" }).waitFor();
    await expect.poll(() => options.count()).toBe(0);
    expect(await field.inputValue()).toBe("");
    await screenshot(page, "tag-picker-added");
    expect(faults).toEqual([]);
  });

  it.each(["light", "dark"] as const)(
    "images are promoted and pinned from the real tags, in %s colours on a phone and a desktop",
    async (colorScheme) => {
      const { page, open, faults } = await opened();
      await page.emulateMedia({ colorScheme });
      for (const [size, viewport] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
        await page.setViewportSize(viewport);
        await open("images/campus");
        await openList(page.getByRole("combobox", { name: "Recommend another image" }));
        const moving = page.getByRole("option", { name: /Latest \(Weekly 2026_11\)/ });
        await moving.waitFor();
        expect(await moving.getAttribute("aria-disabled")).toBe("true");
        expect(await barriersWhileOpen(page)).toEqual([]);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        await screenshot(page, `tag-picker-images-${colorScheme}-${size}`);
        await page.keyboard.press("Tab");
        await expect.poll(() => page.getByRole("option").count()).toBe(0);
        expect(await barriers(page)).toEqual([]);
      }
      await openList(page.getByRole("combobox", { name: "Recommend another image" }));
      await page.getByRole("option", { name: /^Weekly 2026_11/ }).click();
      await page.getByText("get w_2026_11 instead of w_2026_10").waitFor();
      await openList(page.getByRole("combobox", { name: "Offer another image always" }), "2025_05");
      await page.getByRole("option", { name: /Weekly 2025_05/ }).click();
      await page.getByRole("list", { name: "Always offered" }).getByText("w_2025_05").waitFor();
      expect(await draftOf(page, "images.yaml")).toMatchObject({
        science: { policy: { recommended: "w_2026_11", pin: ["w_2025_05"] } },
      });
      expect(faults).toEqual([]);
    },
  );

  it.each(["light", "dark"] as const)(
    "what another image changes is shown before it is saved, in %s colours",
    async (colorScheme) => {
      const { page, open, faults, registry } = await opened();
      await listPackages(registry, "w_2026_10", { numpy: "2.1.0", scipy: "1.14.0" });
      await listPackages(registry, "w_2026_11", { numpy: "2.2.1", polars: "1.9.0" });
      await page.emulateMedia({ colorScheme });
      await open("images/campus");
      const recommend = async (tag: string, name: RegExp) => {
        await openList(page.getByRole("combobox", { name: "Recommend another image" }), tag);
        await page.getByRole("option", { name }).click();
      };
      await recommend("2026_11", /^Weekly 2026_11/);
      const changes = page.getByRole("region", { name: "What changes from w_2026_10 to w_2026_11" });
      await changes.getByText("org.opencontainers.image.version").waitFor();
      await changes.getByText("polars").waitFor();
      const shown = await changes.textContent();
      expect(shown).toMatch(/1 label differs\s*org\.opencontainers\.image\.version\s*w_2026_10 → w_2026_11/);
      expect(shown).toMatch(
        /3 packages differ\s*numpy\s*2\.1\.0 → 2\.2\.1\s*polars\s*added, 1\.9\.0\s*scipy\s*removed, was 1\.14\.0/,
      );
      expect(shown).toMatch(
        /hold w_2026_10 have 1 layer \(\d+ bytes\) of w_2026_11 already, and download 1 layer/,
      );
      expect(await barriers(page)).toEqual([]);
      for (const [size, viewport] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
        await page.setViewportSize(viewport);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        await screenshot(page, `image-difference-${colorScheme}-${size}`);
      }
      await recommend("2026_09", /^Weekly 2026_09/);
      await page.getByText("No list of packages is attached to both images.").waitFor();
      expect(faults).toEqual([]);
    },
  );

  it("a registry that does not answer is reported in the list", async () => {
    const { page, open, registry } = await opened();
    await registry.stop();
    await open("profiles/campus");
    await page.getByRole("combobox", { name: "Add an image" }).focus();
    await page
      .getByText(/the registry .* does not answer/i)
      .first()
      .waitFor();
    await screenshot(page, "tag-picker-refused");
  });
});
