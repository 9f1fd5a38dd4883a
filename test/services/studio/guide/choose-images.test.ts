import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { GithubWithPulls } from "../../../../studio/server/save/testing/github-with-pulls.ts";
import { findChromium, requireService } from "../../require.ts";
import { addOrigin, git, mergeBranch, originOf } from "../origin.ts";
import { barriers, moveByKeys, openList, studioInBrowser } from "../studio-browser.ts";
import { CAMPUS, IMAGES, PROFILES, registryStandIn } from "./campus.ts";
import { GuideWalk, inGuide, picturesInGuide } from "./walk.ts";

const BRANCH = "studio/ada/campus-images-and-1-more-0a1b2c3d";

/** What the real form's own styles cause, and that there is no form of a draft with a mistake. */
const EXPECTED = /Content Security Policy|422/;

requireService("a browser (chromium)", findChromium, (chromium) => {
  const start = studioInBrowser(chromium);

  it("the guide leads from the first click to a merged change", async () => {
    const github = new GithubWithPulls();
    await github.start();
    github.viewer = "ada";
    const clock = { now: Date.now, sleep: async () => {} };
    const forge = { environment: github.environment, network: { fetch, clock } };
    const studio = await start({ files: CAMPUS, registry: registryStandIn, studio: { forge } });
    addOrigin(studio);
    const { page, faults } = studio;
    await page.context().clearCookies();
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.setViewportSize({ width: 1280, height: 800 });
    // The branch's name has the draft's ID, which is random.
    await page.addInitScript("crypto.getRandomValues = (numbers) => numbers.fill(0x0a1b2c3d)");
    const walk = new GuideWalk(page);

    await page.goto(studio.invitation());
    faults.splice(0);
    await changeProfiles(walk);
    await promote(walk);
    await propose(walk);
    expect(github.pulls).toMatchObject([{ head: BRANCH, base: "main", title: "Give Standard more memory" }]);

    mergeBranch(studio, BRANCH);
    const bar = page.getByRole("region", { name: "Changes" });
    await page.reload();
    await walk.see("main has these changes", bar);
    await walk.picture("choose-images-merged");
    git(studio.root, "pull", "--quiet", "--ff-only", "origin", "main");
    await page.reload();
    await page.getByText("Recommended (Weekly 2026_11)").first().waitFor();
    await bar.waitFor({ state: "detached" });
    expect(readFileSync(join(studio.root, PROFILES), "utf8")).toBe(MERGED);
    expect(git(originOf(studio), "show", `main:${IMAGES}`)).toContain(
      "recommended: w_2026_11 # reviewed each week",
    );
    expect(faults.filter((line) => !EXPECTED.test(line))).toEqual([]);
    expect(await barriers(page)).toEqual([]);
    await github.stop();

    expect(inGuide().filter((name) => !walk.used.has(name))).toEqual([]);
    expect(picturesInGuide().map(({ name }) => name)).toEqual(walk.pictures);
    expect(picturesInGuide().filter(({ alt }) => alt.length < 30)).toEqual([]);
  });
});

async function changeProfiles(walk: GuideWalk): Promise<void> {
  const { page } = walk;
  await walk.press("link", "Profiles");
  await walk.press("row", "Standard");
  const form = page.frameLocator('iframe[title="What users see"]');
  await form.getByText("For projects with much data.").waitFor();
  await walk.see("What users see");
  await walk.picture("choose-images-profiles");

  await walk.write("Memory, at most", "6 gigs");
  const field = page.getByLabel("Memory, at most", { exact: true });
  await page.getByText(/KubeSpawner does not accept "6 gigs"/).waitFor();
  expect(await field.getAttribute("aria-invalid")).toBe("true");
  const bar = page.getByRole("region", { name: "Changes" });
  await bar.getByText("1 error").waitFor();
  expect(await bar.getByRole("button", { name: "Propose" }).isDisabled()).toBe(true);
  await field.scrollIntoViewIfNeeded();
  await walk.picture("choose-images-mistake");
  await walk.write("Memory, at most", "6 GB");
  await bar.getByText("goes through by itself").waitFor();

  await walk.press("button", "Add profile");
  await walk.write("Name", "Small");
  await form.getByRole("heading", { name: "Small" }).waitFor();
  await bar.getByText("goes through by itself").waitFor();
  await walk.press("row", "Small");
  await moveByKeys(page, "Small", ["ArrowUp", "ArrowUp"]);
  const listed = () => page.getByRole("row").allTextContents();
  await expect.poll(listed).toEqual(["Standarddefault", "Small", "Large memory"]);
  await walk.write("Description", "For a first look.");
  await form.getByText("For a first look.").waitFor();
  await walk.see("Image");
  await walk.see("Add an image");
  await page.getByLabel("science").check({ force: true });
  await walk.see("Nodes");
  await page.getByLabel("Standard nodes").check({ force: true });
  await walk.see("Resources");
  await page.getByRole("button", { name: /^1\/8 of Standard nodes/ }).click();
  await walk.see("Options");
  await page.evaluate("scrollTo(0, 0)");
  await bar.getByText("goes through by itself").waitFor();
  await walk.picture("choose-images-added");
}

async function promote(walk: GuideWalk): Promise<void> {
  const { page } = walk;
  await walk.press("link", "Images");
  const menu = page.getByRole("region", { name: "The menu" });
  await menu.getByText("Recommended (Weekly 2026_10)").waitFor();
  await walk.see("Offer another image always");
  await walk.see("Add an entry");
  await openList(page.getByLabel("Recommend another image").first());
  walk.used.add("Recommend another image");
  await page.getByRole("option", { name: /Weekly 2026_11/ }).click();
  await menu.getByText("Recommended (Weekly 2026_11)").waitFor();
  for (const part of ["The menu", "Held ready on every node"]) await walk.see(part);
  await walk.write("Newest weeklies", "3");
  await menu.getByText("Weekly 2026_09").waitFor();
  await walk.see("goes through by itself", page.getByRole("region", { name: "Changes" }));
  await walk.picture("choose-images-promoted");
}

async function propose(walk: GuideWalk): Promise<void> {
  const { page } = walk;
  const bar = page.getByRole("region", { name: "Changes" });
  await walk.see("goes through by itself", bar);
  await walk.press("button", "Show difference", bar);
  const dialog = page.getByRole("dialog", { name: "Propose changes" });
  await dialog.getByText("+    mem_limit: 6G # enough for most").waitFor();
  await walk.see("What it deploys once it is merged", dialog);
  await walk.see("Who decides", dialog);
  await dialog.getByText("Nobody else has to review this change").waitFor();
  await walk.write("Title", "Give Standard more memory");
  await walk.picture("choose-images-difference");
  await walk.press("button", "Propose", dialog);
  const opened = dialog.getByRole("link", { name: "Pull request #1" });
  await opened.waitFor();
  await expect
    .poll(async () => {
      const place = await opened.boundingBox();
      return place && place.y > 0 && place.y + place.height < 800;
    })
    .toBe(true);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await bar.getByRole("link", { name: "Pull request #1" }).waitFor();
  await walk.picture("choose-images-proposed");
}

/** What is asked for, and nothing else: comments, order and settings without a field are kept. */
const MERGED = `# What students choose from.

# For lectures.
- display_name: Standard
  description: For lectures and homework.
  default: true
  images: science
  node_groups: standard
  kubespawner_override:
    mem_guarantee: 2G
    mem_limit: 6G # enough for most
- display_name: Small
  description: For a first look.
  images: science
  node_groups: standard
  kubespawner_override:
    mem_guarantee: 3.5G
    mem_limit: 3.5G
    cpu_guarantee: 1
- display_name: Large memory
  description: For projects with much data.
  images: science
  node_groups: high-memory
  kubespawner_override:
    mem_guarantee: 16G
    mem_limit: 16G
    default_url: /lab # kept
`;
