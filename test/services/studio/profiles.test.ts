import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { findChromium, requireService } from "../require.ts";
import { CAMPUS } from "./guide/campus.ts";
import {
  barriers,
  DESKTOP,
  draftOf,
  moveByKeys,
  overflow,
  PHONE,
  screenshot,
  studioInBrowser,
  unreachable,
} from "./studio-browser.ts";

const WIDE = { width: 1680, height: 1000 };
const PROFILES = `# What students choose from.
- display_name: Standard # the usual
  description: For lectures and homework.
  default: true
  node_groups: standard
  images: science
  kubespawner_override: { cpu_limit: 2, mem_guarantee: 1G, mem_limit: 4G }
- display_name: Large memory
  slug: large-memory
  node_groups: high-memory
  images: science
  kubespawner_override:
    mem_guarantee: 16G
    default_url: /lab # kept
  profile_options:
    memory:
      display_name: Memory
      choices:
        16g: { display_name: 16 GB, default: true, kubespawner_override: { mem_limit: 16G } }
        64g: { display_name: 64 GB, kubespawner_override: { mem_limit: 64G } }
- display_name: GPU
  description: One <b>NVIDIA T4</b><script>parent.attacked = true</script><img src=x onerror="parent.attacked = true">
`;
const HUB = { repository: "https://hub.jupyter.org/helm-chart", name: "jupyterhub", version: "4.4.0" };
const FILES = {
  "catalog/clusters/campus/profiles.yaml": PROFILES,
  "catalog/clusters/campus/images.yaml":
    "science: { repository: ghcr.io/campus/science, alias: recommended, policy: { recommended: w_2026_10, weeklies: 2 } }\n",
  "catalog/clusters/campus/node-groups.json": CAMPUS["catalog/clusters/campus/node-groups.json"] ?? "",
};
const FANCY = {
  ...FILES,
  "catalog/clusters/campus/cluster.yaml": stringify({
    values: ["common.yaml"],
    hubs: [{ name: "staging", chart: HUB }],
  }),
  "catalog/clusters/campus/common.yaml": stringify({
    hub: { extraConfig: { form: "from jupyterhub_fancy_profiles import setup_ui\nsetup_ui(c)\n" } },
  }),
};

/** The profiles of this tab's draft. */
const draft = (page: Page) => draftOf<Record<string, unknown>[]>(page, "profiles.yaml");
const names = async (page: Page) => (await draft(page))?.map((profile) => profile["display_name"]);
const formIn = (page: Page) => page.frameLocator('iframe[title="What users see"]');

/** Presses something, and reads the field for the name once this event is over: no other comes before. */
const PRESS = `async (what) => {
  const button = (name) => [...document.querySelectorAll("button")].find((one) => one.textContent.trim() === name);
  const pressed = {
    add: () => button("Add profile"),
    copy: () => button("Copy"),
    delete: () => button("Delete"),
    undo: () => button("Undo"),
    row: () => document.querySelector('[role="row"]'),
  };
  pressed[what]().click();
  for (let step = 0; step < 10; step += 1) await undefined;
  return document.querySelector(".bench-editor input").value;
}`;

requireService("a browser (chromium)", findChromium, (chromium) => {
  const start = studioInBrowser(chromium);
  const opened = async (files: Record<string, string> = FILES, viewport = WIDE) => {
    const studio = await start({ files });
    await studio.page.setViewportSize(viewport);
    await studio.open("profiles/campus");
    await studio.page.getByRole("row", { name: "Standard" }).waitFor();
    return studio;
  };

  describe.each(["light", "dark"] as const)("in %s colours", (colorScheme) => {
    it("the profiles have no serious barrier, and fit a phone and a desktop", async () => {
      const { page, open, faults } = await opened();
      await page.emulateMedia({ colorScheme });
      for (const [size, viewport] of Object.entries({ phone: PHONE, desktop: DESKTOP, wide: WIDE })) {
        await page.setViewportSize(viewport);
        await open("profiles/campus");
        await page.getByRole("row", { name: "Large memory" }).click();
        await page.getByText("7 servers of this size fit on a node of High-memory nodes.").waitFor();
        await formIn(page).getByRole("heading", { name: "Server Options" }).waitFor();
        expect(await barriers(page)).toEqual([]);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        await screenshot(page, `profiles-${colorScheme}-${size}`);
      }
      expect(faults.filter((line) => !/Content Security Policy/.test(line))).toEqual([]);
    });
  });

  it("the form beside is KubeSpawner's, follows what is written, and lets no script of a description act", async () => {
    const { page } = await opened();
    await formIn(page).getByText("NVIDIA T4").waitFor();
    expect(await formIn(page).locator("b").textContent()).toBe("NVIDIA T4");
    await page.getByLabel("Name", { exact: true }).fill("Everyday");
    await formIn(page).getByRole("heading", { name: "Everyday" }).waitFor();
    expect(await page.evaluate("globalThis.attacked")).toBe(undefined);
    const [frame] = await page.locator("iframe").all();
    expect(await frame?.getAttribute("sandbox")).toBe("allow-scripts");
  });

  it("the form beside is that of jupyterhub-fancy-profiles where the hub's values set it up", async () => {
    const { page } = await opened(FANCY);
    await page.getByText("as hub.extraConfig.form sets it up").waitFor();
    await formIn(page).getByRole("heading", { name: "Large memory" }).waitFor();
    await page.getByLabel("Description").fill("Written just now");
    await formIn(page).getByText("Written just now").waitFor();
    await screenshot(page, "profiles-fancy");
  });

  it("what validation reports is beside the field, and goes when it is corrected", async () => {
    const wrong = PROFILES.replace("mem_limit: 4G", "mem_limit: 4Gi");
    const { page } = await opened({ ...FILES, "catalog/clusters/campus/profiles.yaml": wrong });
    const field = page.getByLabel("Memory, at most").first();
    await page.getByText(/KubeSpawner does not accept "4Gi".*Write 4G/).waitFor();
    await page.getByRole("row", { name: /Standard.*1 problem/ }).waitFor();
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    await screenshot(page, "profiles-problem");
    await field.fill("6 GiB");
    await expect
      .poll(async () => (await draft(page))?.[0])
      .toMatchObject({ kubespawner_override: { mem_limit: "6G" } });
    await expect.poll(() => field.getAttribute("aria-invalid")).not.toBe("true");
  });

  it("what the page has no field for is kept, and is shown", async () => {
    const { page } = await opened();
    await page.getByRole("row", { name: "Large memory" }).click();
    await page.getByText("default_url").waitFor();
    await page.getByRole("button", { name: /1\/4 of High-memory nodes/ }).click();
    await expect
      .poll(async () => (await draft(page))?.[1])
      .toMatchObject({
        slug: "large-memory",
        kubespawner_override: {
          ...{ default_url: "/lab", mem_guarantee: "31G", mem_limit: "31G" },
          cpu_guarantee: 4,
        },
      });
  });

  it("profiles are added, copied, deleted and brought back, and one alone is the default", async () => {
    const { page } = await opened();
    const name = page.getByLabel("Name", { exact: true });
    await page.getByRole("button", { name: "Add profile" }).click();
    await name.fill("Tiny");
    await page.getByRole("button", { name: "Copy" }).click();
    await page.getByRole("button", { name: "Make default" }).click();
    await expect.poll(() => names(page)).toEqual(["Standard", "Large memory", "GPU", "Tiny", "Tiny (copy)"]);
    const defaults = async () => (await draft(page))?.map((profile) => profile["default"] ?? false);
    await expect.poll(defaults).toEqual([false, false, false, false, true]);
    await page.getByRole("row", { name: "GPU" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText("GPU was deleted.").waitFor();
    await expect.poll(() => names(page)).not.toContain("GPU");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => names(page)).toContain("GPU");
  });

  it("the fields are those of the chosen profile before another key can reach them", async () => {
    const { page } = await opened();
    const shown: unknown[] = [];
    for (const press of ["add", "copy", "delete", "undo", "row"]) {
      shown.push(await page.evaluate(`(${PRESS})(${JSON.stringify(press)})`));
    }
    expect(shown).toEqual([
      "New profile",
      "New profile (copy)",
      "New profile",
      "New profile (copy)",
      "Standard",
    ]);
    // A key that moves through the list lets the fields follow when there is time, but Tab leads into the right ones.
    await page.getByRole("row", { name: "Standard" }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Large memory");
  });

  it("profiles are moved by a mouse", async () => {
    const { page } = await opened();
    const last = await page.getByRole("row", { name: "GPU" }).boundingBox();
    await page.getByRole("row", { name: "Standard" }).hover();
    await page.mouse.down();
    const [x, y] = [(last?.x ?? 0) + 80, (last?.y ?? 0) + (last?.height ?? 0) - 4];
    await page.mouse.move(x, y - 30, { steps: 8 });
    await page.mouse.move(x, y, { steps: 8 });
    await page.locator('[aria-label="Insert after GPU"]').waitFor({ state: "attached" });
    await page.mouse.up();
    await expect.poll(() => names(page)).toEqual(["Large memory", "GPU", "Standard"]);
  });

  it("a keyboard alone reaches everything, and moves profiles", async () => {
    const { page } = await opened();
    await formIn(page).getByRole("heading", { name: "Server Options" }).waitFor();
    await moveByKeys(page, "Standard", ["ArrowDown"]);
    await expect.poll(() => names(page)).toEqual(["Large memory", "Standard", "GPU"]);
    expect(await unreachable(page)).toEqual([]);
  });

  it("of a thousand profiles those in sight alone are drawn, and what is written is kept", async () => {
    const profiles = Array.from({ length: 1_000 }, (_, index) => ({
      display_name: index === 0 ? "Standard" : `Profile ${index}`,
      images: "science",
      node_groups: "standard",
      kubespawner_override: { mem_limit: "4G" },
    }));
    const { page } = await opened({ ...FILES, "catalog/clusters/campus/profiles.yaml": stringify(profiles) });
    await formIn(page).getByRole("heading", { name: "Profile 99", exact: true }).waitFor();
    await page.getByText("Profiles 1 to 100 of 1000").waitFor();
    expect(await page.getByRole("row").count()).toBeLessThan(60);
    const field = page.getByLabel("Name", { exact: true });
    await field.focus();
    await page.keyboard.press("End");
    let written = "Standard";
    for (const word of [" for", " everybody", " here"]) {
      await page.keyboard.type(word, { delay: 60 });
      written += word;
      await expect.poll(async () => (await names(page))?.[0]).toBe(written);
    }
    // What was written is checked, and shown in the form.
    await formIn(page).getByRole("heading", { name: written, exact: true }).waitFor();
    await page.getByRole("row", { name: "Standard" }).focus();
    for (let count = 0; count < 20; count += 1) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await formIn(page).getByRole("heading", { name: "Profile 999" }).waitFor();
    await page.getByText("Profiles 901 to 1000 of 1000").waitFor();
    expect((await names(page))?.[0]).toBe(written);
  });
});
