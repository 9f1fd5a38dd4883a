import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { GithubWithPulls } from "../../../studio/server/save/testing/github-with-pulls.ts";
import { FILES, PROFILES } from "../../../studio/server/save/testing/trial-repository.ts";
import { findChromium, requireService } from "../require.ts";
import { addOrigin, git, mergeByOthers, originOf } from "./origin.ts";
import { barriers, overflow, PHONE, screenshot, studioInBrowser, unreachable } from "./studio-browser.ts";

const PATH = `catalog/${PROFILES}`;
const BEFORE = String(FILES[PATH]);
const BRANCH = "studio/ada/campus-profiles-0a1b2c3d";

/** Has a tab want another value, as a page's editor does; it is kept when the page is loaded again. */
async function want(page: Page, from: string, to: string): Promise<void> {
  await page.evaluate(
    async ([path = "", before = "", after = ""]) => {
      const answer = await fetch(`/api/save/file?path=${encodeURIComponent(path)}`, {
        headers: { "x-lectern-studio": "1" },
      });
      const { base, value } = (await answer.json()) as { base: string; value: unknown };
      const wanted = JSON.parse(JSON.stringify(value).replace(before, after));
      const draft = { id: "0a1b2c3d", edits: [{ path, base, value: wanted }] };
      sessionStorage.setItem("lectern-studio-draft:/", JSON.stringify(draft));
    },
    [PROFILES, from, to],
  );
  await page.reload();
}

requireService("a browser (chromium)", findChromium, (chromium) => {
  const start = studioInBrowser(chromium);

  it("a change is shown, proposed, and updated in the same pull request", async () => {
    const github = new GithubWithPulls();
    await github.start();
    const clock = { now: Date.now, sleep: async () => {} };
    const forge = { environment: github.environment, network: { fetch, clock } };
    const studio = await start({ files: FILES, studio: { forge } });
    const { page, faults } = studio;
    addOrigin(studio);
    github.viewer = "ada";
    await want(page, "8G", "16G");
    const bar = page.getByRole("region", { name: "Changes" });
    await bar.getByText("goes through by itself").waitFor();
    expect(await bar.getByRole("status").textContent()).toMatch(/1 change\s*campus\/profiles\.yaml/);
    expect(await barriers(page)).toEqual([]);
    expect(await unreachable(page)).toEqual([]);
    await screenshot(page, "save-bar");
    await bar.getByRole("button", { name: "Show difference" }).click();
    const dialog = page.getByRole("dialog", { name: "Propose changes" });
    await dialog.getByText("+    mem_limit: 16G").waitFor();
    expect(await dialog.textContent()).toMatch(
      /What it deploys[\s\S]*campus\/staging[\s\S]*Nobody else has to review/,
    );
    expect(await barriers(page)).toEqual([]);
    await screenshot(page, "propose");
    await dialog.getByRole("textbox", { name: "Title" }).fill("Give Large more memory");
    await dialog.getByRole("button", { name: "Propose" }).click();
    await dialog.getByRole("link", { name: "Pull request #1" }).waitFor();
    expect(github.pulls).toMatchObject([{ head: BRANCH, base: "main", title: "Give Large more memory" }]);
    expect(git(originOf(studio), "show", `${BRANCH}:${PATH}`)).toContain("mem_limit: 16G");
    await page.keyboard.press("Escape");
    await bar.getByRole("link", { name: "Pull request #1" }).waitFor();
    await screenshot(page, "proposed");
    await want(page, "8G", "12G");
    await bar.getByText("goes through by itself").waitFor();
    await bar.getByRole("button", { name: "Propose" }).click();
    await bar.getByRole("link", { name: "Pull request #1" }).waitFor();
    await expect.poll(() => git(originOf(studio), "show", `${BRANCH}:${PATH}`)).toContain("mem_limit: 12G");
    expect(github.pulls).toHaveLength(1);
    expect(faults).toEqual([]);
    await github.stop();
  });

  it("what two people have changed is shown side by side, and each choice is taken", async () => {
    const studio = await start({ files: FILES });
    const { page, faults } = studio;
    addOrigin(studio);
    await want(page, "4G", "8G");
    const bar = page.getByRole("region", { name: "Changes" });
    await bar.getByText("goes through by itself").waitFor();
    mergeByOthers(studio, PATH, BEFORE.replace("4G", "2G"));
    await page.setViewportSize(PHONE);
    await bar.getByRole("button", { name: "Show difference" }).click();
    const dialog = page.getByRole("dialog", { name: "Propose changes" });
    const conflict = dialog.getByRole("radiogroup", { name: /Standard › kubespawner_override › mem_limit/ });
    await conflict.getByText("Before: 4G").waitFor();
    expect(await dialog.getByRole("button", { name: "Propose" }).isDisabled()).toBe(true);
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await screenshot(page, "conflict");
    await conflict.getByRole("radio", { name: /Mine/ }).press("Space");
    await dialog.getByText("+    mem_limit: 8G # enough").waitFor();
    await dialog.getByRole("button", { name: "Propose" }).click();
    await dialog.getByText(`The branch ${BRANCH} is on origin.`).waitFor();
    expect(git(originOf(studio), "show", `${BRANCH}:${PATH}`)).toContain("mem_limit: 8G # enough");
    expect(faults).toEqual([]);
  });

  it("what can't be proposed or pushed says why, and what to do", async () => {
    const studio = await start({ files: FILES });
    const { page } = studio;
    addOrigin(studio);
    await want(page, '"mem_limit":"8G"', '"mem_limit":"8G","mem_gibit":1');
    const bar = page.getByRole("region", { name: "Changes" });
    await bar.getByText("1 error").waitFor();
    expect(await bar.getByRole("button", { name: "Propose" }).isDisabled()).toBe(true);
    const hook = join(originOf(studio), "hooks/pre-receive");
    writeFileSync(hook, '#!/bin/sh\necho "Branches below studio/ are protected" >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    await want(page, "8G", "12G");
    await bar.getByText("goes through by itself").waitFor();
    await bar.getByRole("button", { name: "Propose" }).click();
    await bar.getByText(/origin refuses the branch .*protected/i).waitFor();
    await bar.getByText(`The commit is on the local branch ${BRANCH}`).waitFor();
    expect(git(studio.root, "show", `${BRANCH}:${PATH}`)).toContain("mem_limit: 12G");
    await screenshot(page, "push-refused");
    rmSync(hook);
    await bar.getByRole("button", { name: "Propose again" }).click();
    await bar.getByText(`The branch ${BRANCH} is on origin.`).waitFor();
  });

  it("changes of two tabs don't mix, and are discarded after a question", async () => {
    const { page, another } = await start({ files: FILES });
    await want(page, "8G", "12G");
    const bar = page.getByRole("region", { name: "Changes" });
    await bar
      .getByText(/The branch|review|by itself/)
      .first()
      .waitFor();
    const other = await another();
    await other.goto(page.url());
    await other.getByRole("navigation").waitFor();
    expect(await other.getByRole("region", { name: "Changes" }).count()).toBe(0);
    await bar.getByRole("button", { name: "Discard" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Keep them" }).click();
    await bar.getByRole("button", { name: "Discard" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Discard them" }).click();
    await bar.waitFor({ state: "detached" });
  });
});
