import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { findChromium, requireService } from "../require.ts";
import { CAMPUS, PROFILES, registryStandIn } from "./guide/campus.ts";
import {
  barriers,
  DESKTOP,
  draftOf,
  openList,
  overflow,
  PHONE,
  screenshot,
  studioInBrowser,
  unreachable,
} from "./studio-browser.ts";

const OPTIONS = `# What students choose from.
- display_name: Large memory
  images: science
  node_groups: high-memory
  profile_options:
    memory: # asked for by the physicists
      display_name: Memory
      choices:
        # The usual.
        16g: { display_name: 16 GB, default: true, kubespawner_override: { mem_limit: 16G } }
        64g:
          display_name: 64 GB # for imaging
          kubespawner_override:
            mem_limit: 64G
            environment: { LAB: imaging }
`;

/** The options of the only profile of this tab's draft. */
const options = async (page: Page) => {
  const [profile] = (await draftOf<Record<string, unknown>[]>(page, "profiles.yaml")) ?? [];
  return profile?.["profile_options"] as Record<string, Record<string, unknown>> | undefined;
};
const choices = async (page: Page) => (await options(page))?.["memory"]?.["choices"];

requireService("a browser (chromium)", findChromium, (chromium) => {
  const start = studioInBrowser(chromium);
  const opened = async (profiles = OPTIONS) => {
    const studio = await start({ files: { ...CAMPUS, [PROFILES]: profiles }, registry: registryStandIn });
    await studio.open("profiles/campus");
    await studio.page.getByRole("group", { name: "64 GB" }).waitFor();
    return studio;
  };

  it("a choice gets a description, an image by its digest, resources and a GPU, and keeps what has no field", async () => {
    const { page } = await opened();
    const choice = page.getByRole("group", { name: "64 GB" });
    await choice.getByRole("button", { name: /What it gives/ }).click();
    await choice.getByLabel("Description").fill("For imaging.");
    await choice.getByLabel("CPU, at most").fill("8");
    await choice.getByLabel("Memory, guaranteed").fill("32 GB");
    await choice.getByLabel("GPUs").fill("1");
    await openList(choice.getByLabel("Image of the choice").first());
    await page.getByRole("option", { name: /Weekly 2026_11/ }).click();
    await choice.getByText("No server of this size fits on a node of High-memory nodes.").waitFor();
    await expect
      .poll(async () => (await choices(page)) as Record<string, unknown>)
      .toMatchObject({
        "64g": {
          description: "For imaging.",
          kubespawner_override: {
            mem_limit: "64G",
            mem_guarantee: "32G",
            cpu_limit: 8,
            environment: { LAB: "imaging" },
            extra_resource_limits: { "nvidia.com/gpu": "1" },
            image: expect.stringMatching(/^ghcr\.io\/my-university\/science:w_2026_11@sha256:[0-9a-f]{64}$/),
          },
        },
      });
    await screenshot(page, "options-choice");
  });

  it("options and choices are added, copied, moved and deleted by a keyboard alone", async () => {
    const { page } = await opened();
    const press = async (name: string, key = "Enter") => {
      await page.getByRole("button", { name, exact: true }).focus();
      await page.keyboard.press(key);
    };
    await press("Move 64 GB up");
    await expect.poll(async () => Object.keys((await choices(page)) ?? {})).toEqual(["aa-64g", "ab-16g"]);
    // What was moved keeps the focus, on the way that it can still go.
    await page.locator('[aria-label="Move 64 GB down"]:focus').waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Changes" }).waitFor({ state: "detached" });
    await press("Copy 16 GB");
    await page.getByRole("group", { name: "16 GB (copy)" }).waitFor();
    await press("Make default: 16 GB (copy)");
    await press("Delete 16 GB");
    await expect.poll(async () => Object.keys((await choices(page)) ?? {})).toEqual(["64g", "16g-2"]);
    await press("Add choice");
    await page.getByRole("group", { name: "New choice" }).getByLabel("Choice", { exact: true }).fill("8 GB");
    await press("Copy Memory");
    await press("Move Memory (copy) up");
    await press("Add option");
    await expect
      .poll(async () => Object.keys((await options(page)) ?? {}).sort())
      .toEqual(["aa-memory-2", "ab-memory", "new-option"]);
    await press("Delete Memory (copy)");
    await expect
      .poll(async () => Object.keys((await options(page)) ?? {}).sort())
      .toEqual(["ab-memory", "new-option"]);
    expect(await unreachable(page)).toEqual([]);
  });

  it("users may write a value of their own, and its settings are checked beside their fields", async () => {
    const { page } = await opened();
    await page.getByText("Users may write a value of their own").click();
    const template = page.getByLabel("Template of image");
    expect(await template.inputValue()).toBe("ghcr.io/my-university/science:{value}");
    await page.getByLabel("What they may write").fill("^(");
    await page.getByText(/not a regular expression of Python/).waitFor();
    expect(await page.getByLabel("What they may write").getAttribute("aria-invalid")).toBe("true");
    await page.getByLabel("What they may write").fill("^w_.+$");
    await page.getByLabel("What they read otherwise").fill("Write a weekly.");
    await template.fill("ghcr.io/my-university/science:latest");
    await page.getByText(/no setting contains \{value\}/).waitFor();
    await page.getByRole("button", { name: /Add a setting/ }).click();
    await page.getByRole("option", { name: "working_dir" }).click();
    await page.getByText(/no setting contains \{value\}/).waitFor({ state: "detached" });
    await screenshot(page, "options-unlisted");
    await expect
      .poll(async () => (await options(page))?.["memory"]?.["unlisted_choice"])
      .toEqual({
        enabled: true,
        display_name: "Other",
        validation_regex: "^w_.+$",
        validation_message: "Write a weekly.",
        kubespawner_override: { image: "ghcr.io/my-university/science:latest", working_dir: "{value}" },
      });
    await page.getByText("Users may write a value of their own").click();
    await expect
      .poll(async () => (await options(page))?.["memory"]?.["unlisted_choice"])
      .toMatchObject({ enabled: false, validation_regex: "^w_.+$" });
  });

  it("a choice runs on the nodes of a group, where the profile leaves them open", async () => {
    const { page } = await opened(OPTIONS.replace("  node_groups: high-memory\n", ""));
    const choice = page.getByRole("group", { name: "64 GB" });
    await choice.getByRole("button", { name: /What it gives/ }).click();
    await choice.getByText("No server of this size fits on a node of Standard nodes.").waitFor();
    await choice.getByRole("button", { name: /Nodes/ }).click();
    await page.getByRole("option", { name: "High-memory nodes" }).click();
    await expect
      .poll(async () => (await choices(page)) as Record<string, unknown>)
      .toMatchObject({ "64g": { node_group: "high-memory" } });
    await choice.getByText("No server of this size fits").waitFor({ state: "detached" });
    await choice.getByText("1 server of this size fits on a node of High-memory nodes.").waitFor();
  });

  it("a problem of a choice opens it, and is beside its field", async () => {
    const { page } = await opened(OPTIONS.replace("mem_limit: 64G", "mem_limit: 64Gi"));
    const choice = page.getByRole("group", { name: "64 GB" });
    await choice.getByText(/KubeSpawner does not accept "64Gi".*Write 64G/).waitFor();
    expect(await choice.getByLabel("Memory, at most", { exact: true }).getAttribute("aria-invalid")).toBe(
      "true",
    );
  });

  it("what a move changes of the file is keys alone, and its comments go along", async () => {
    const { page } = await opened();
    await page.getByRole("button", { name: "Move 64 GB up" }).click();
    await page.getByRole("button", { name: "Show difference" }).click();
    const difference = page.getByRole("dialog").getByLabel(/profiles\.yaml/);
    await difference.getByText("aa-64g:").waitFor();
    const text = (await difference.textContent()) ?? "";
    expect(text).toContain("# The usual.");
    expect(text).toContain("for imaging");
    expect(text).not.toMatch(/^\+.*physicists/m);
  });

  it.each(["light", "dark"] as const)(
    "options have no serious barrier in %s colours",
    async (colorScheme) => {
      const { page } = await opened();
      await page.emulateMedia({ colorScheme });
      await page
        .getByRole("group", { name: "64 GB" })
        .getByRole("button", { name: /What it gives/ })
        .click();
      await page.getByText("Users may write a value of their own").click();
      for (const [size, viewport] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
        await page.setViewportSize(viewport);
        await page.getByText("on a node of High-memory nodes").first().waitFor();
        expect(await barriers(page)).toEqual([]);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        await screenshot(page, `options-${colorScheme}-${size}`);
      }
    },
  );
});
