import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { readAnnouncements } from "../../../components/cluster/announcements/announcements-file.ts";
import { announcementsText } from "../../../components/cluster/announcements/announcements-text.ts";
import { requireService } from "../require.ts";
import { findHub, type HubService, startHub } from "./jupyterhub.ts";

const GUIDE = join(import.meta.dirname, "../../../docs/guides/tell-students.md");
const MOUNTED = "/etc/lectern/announcements/";

/** The configuration that the guide has people add, reading from another folder. */
function documentedConfig(folder: string): string {
  const blocks = [...readFileSync(GUIDE, "utf8").matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text);
  const values = blocks.map((text) => parse(text ?? "")).find((block) => block.hub);
  expect(values.hub.extraVolumeMounts[0]).not.toHaveProperty("subPath");
  const config: string = values.hub.extraConfig["lectern-announcements"];
  expect(config).toContain(MOUNTED);
  return config.replaceAll(MOUNTED, `${folder}/`);
}

requireService("JupyterHub", findHub, (program) => {
  const folder = mkdtempSync(join(tmpdir(), "lectern-announcements-"));
  let hub: HubService;

  /** What the ConfigMap has, as a deployment writes it. */
  const write = (announcements: string, changes: Parameters<typeof announcementsText>[2] = []) => {
    const file = readAnnouncements(`timeZone: Europe/Rome\n${announcements}`, "announcements.yaml");
    writeFileSync(join(folder, "announcements.json"), announcementsText(file, ["prod"], changes));
  };
  const page = async () => (await fetch(`${hub.url}hub/login`)).text();

  beforeAll(async () => {
    const config = join(folder, "config.py");
    writeFileSync(config, documentedConfig(folder));
    hub = await startHub(program, { config, variables: {} });
  }, 120_000);
  afterAll(async () => {
    await hub?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("a hub without announcements shows its pages", async () => {
    expect(await page()).toContain("Sign in");
  });

  it("a hub shows what is valid today, without a restart, and what looks like HTML as text", async () => {
    const [past, today] = [-2, 0].map((days) =>
      new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10),
    );
    write(`announcements:
  - {text: "The hub <b>restarts</b> today", from: ${past}, level: warning}
  - {text: It was yesterday, until: ${past}}
  - {text: Of another hub, hubs: [staging]}
`);
    const shown = await page();
    expect(shown).toContain('<p class="text-warning">The hub &lt;b&gt;restarts&lt;/b&gt; today</p>');
    expect(shown).not.toContain("It was yesterday");
    expect(shown).not.toContain("Of another hub");
    write(`announcements: [{text: "Now another text", until: ${today}}]`, [
      { at: Date.now() - 1000, text: "The profile GPU is new" },
    ]);
    const later = await page();
    expect(later).toContain("Now another text");
    expect(later).toContain("The profile GPU is new");
    expect(later).not.toContain("restarts");
  });
});
