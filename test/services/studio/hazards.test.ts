import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { findChromium, requireService } from "../require.ts";
import { CAMPUS, PROFILES, registryStandIn } from "./guide/campus.ts";
import { studioInBrowser } from "./studio-browser.ts";

const ACT = "globalThis.attacked = true; parent.attacked = true";
const ATTACK = `</script></textarea><b>bold</b><script>${ACT}</script><img src=x onerror="${ACT}"><svg onload="${ACT}">`;
const choice = { display_name: `Choice ${ATTACK}`, kubespawner_override: { mem_limit: "4G" } };
const ATTACKED = stringify([
  { display_name: "Standard", images: "science" },
  {
    display_name: `Name ${ATTACK}`,
    description: `Description ${ATTACK}`,
    kubespawner_override: { environment: { NOTE: ATTACK } },
    profile_options: { memory: { display_name: `Option ${ATTACK}`, choices: { small: choice } } },
  },
]);
const CLUSTER = "catalog/clusters/campus/cluster.yaml";
const FANCY = {
  [CLUSTER]: `values: [common.yaml]\n${CAMPUS[CLUSTER]}`,
  "catalog/clusters/campus/common.yaml": stringify({
    hub: { extraConfig: { form: "from jupyterhub_fancy_profiles import setup_ui\nsetup_ui(c)\n" } },
  }),
};

requireService("a browser (chromium)", findChromium, (chromium) => {
  const start = studioInBrowser(chromium);
  const open = async (files: Record<string, string>) => {
    const studio = await start({ files: { ...CAMPUS, ...files }, registry: registryStandIn });
    await studio.open("profiles/campus");
    return studio;
  };

  describe.each([
    ["KubeSpawner", {}],
    ["jupyterhub-fancy-profiles", FANCY],
  ])("with the form of %s", (_, files) => {
    it("a script in any text of a profile acts neither in the page nor in the form", async () => {
      const { page } = await open({ ...files, [PROFILES]: ATTACKED });
      const form = page.frameLocator('iframe[title="What users see"]');
      await form.getByText("Description").first().waitFor();
      await page.getByRole("row", { name: /Name/ }).click();
      await page.getByLabel("Name of the option").waitFor();
      await page.getByLabel("Description").fill(`Written ${ATTACK}`);
      await form.getByText("Written").first().waitFor();
      // A frame that the next form takes the place of can't be asked: then all are asked again.
      const acted = () => Promise.all(page.frames().map((frame) => frame.evaluate("globalThis.attacked")));
      await expect.poll(async () => (await acted()).length).toBeGreaterThan(1);
      await expect.poll(async () => (await acted()).filter((one) => one !== undefined)).toEqual([]);
    });
  });

  it("a catalog that changes under the page is shown when somebody comes back, with the same profile chosen", async () => {
    const { page, root } = await open({});
    const write = (from: string, to: string) =>
      writeFileSync(join(root, PROFILES), (CAMPUS[PROFILES] ?? "").replaceAll(from, to));
    const back = () => page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
    const memory = page.getByLabel("Memory, at most").first();
    await page.getByRole("row", { name: "Large memory" }).click();
    await expect.poll(() => memory.inputValue()).toBe("16 GB");
    write("16G", "32G");
    await back();
    await expect.poll(() => memory.inputValue()).toBe("32 GB");
    write("16G", "64Gi");
    await back();
    await page
      .getByText(/KubeSpawner does not accept "64Gi".*Write 64G/)
      .first()
      .waitFor();
    await expect.poll(() => memory.getAttribute("aria-invalid")).toBe("true");
    await memory.fill("64Gi");
    await expect.poll(() => memory.getAttribute("aria-invalid")).not.toBe("true");
  });

  it("a file that can't be read is shown once it is corrected, and an empty catalog says what to do", async () => {
    const { page, root, open: go } = await open({ [PROFILES]: "- display_name: [Standard\n" });
    await page
      .getByText(/not YAML/)
      .first()
      .waitFor();
    writeFileSync(join(root, PROFILES), CAMPUS[PROFILES] ?? "");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("row", { name: "Standard" }).waitFor();
    rmSync(join(root, "catalog/clusters"), { recursive: true });
    await go("profiles");
    await page.getByText(/no cluster.*lectern new cluster/).waitFor();
  });
});
