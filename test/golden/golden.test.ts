import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { seedExample } from "../../sandbox/services/registry/example.ts";
import { type RegistryStandIn, startRegistry } from "../../sandbox/services/registry/registry.ts";
import { registrations, type Scenario } from "./registrations.ts";

const CATALOG = "test/golden/catalog";
const IMAGE = `docker.io/lectern/python-science@sha256:${"1".repeat(64)}`;
const GATEWAY = {
  url: "https://gateway.example.org",
  hosts: [
    {
      host: "gateway.example.org",
      user: "lectern",
      hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPKSUTyz1HwHReFVvD5obVsALAgJRNarH4TRpNePnAS",
    },
  ],
  specsFolder: "/usr/local/share/jupyter/kernels",
  restart: { mode: "systemd", unit: "enterprise-gateway" },
};

const MENU = [{ name: "Recommended (Weekly 2026_10)", tag: "w_2026_10", digest: `sha256:${"2".repeat(64)}` }];
const SELECTED = {
  repository: "docker.io/lectern/lab",
  menu: MENU,
  prepull: MENU,
  recommended: { tag: "w_2026_10", digest: `sha256:${"2".repeat(64)}` },
};

let registry: RegistryStandIn;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lectern-golden-"));
  registry = await startRegistry({ folder });
  await seedExample(registry);
});
afterAll(async () => {
  await registry.stop();
  rmSync(folder, { recursive: true });
});
// A program remembers what it has read for as long as it runs.
beforeEach(() => {
  vi.resetModules();
});

const config = () => ({
  "lectern:catalog": CATALOG,
  "lectern:gateways": JSON.stringify({ main: GATEWAY }),
  "lectern:registries": JSON.stringify({ "docker.io": { endpoint: registry.url } }),
});

const articles = async () => {
  const { readContents } = await import("../../components/article/contents.ts");
  const course = await readContents(`${CATALOG}/courses/first-steps`, "course");
  const { title, fingerprint } = course;
  return { "course/first-steps": { title, url: "https://x", customId: "c1", fingerprint } };
};

const scenarios: Record<string, () => Promise<Scenario>> = {
  sandbox: async () => ({
    stack: "sandbox",
    config: { ...config(), "lectern:source": "folder" },
    run: (await import("../../stacks/from-catalog.ts")).program,
  }),
  staging: async () => ({
    stack: "staging",
    config: { ...config(), "lectern:titlePrefix": "[staging] ", "lectern:visibility": "private" },
    run: (await import("../../stacks/from-catalog.ts")).program,
  }),
  // The course and the kernel are proven; the blog is not, and prod has it: it is held.
  prod: async () => ({
    stack: "prod",
    config: config(),
    outputs: {
      staging: {
        articles: await articles(),
        kernels: {
          "python-golden": { displayName: "Python 3 (golden)", image: IMAGE, registration: "s" },
          served: { displayName: "Served", image: IMAGE, registration: "qbraid-kernel/served" },
        },
        images: { "campus/lab": SELECTED },
      },
      prod: { articles: { "blog/one-idea": {} } },
    },
    run: (await import("../../stacks/prod.ts")).program,
  }),
};

// The first one loads the SDK and its packages.
it.each(Object.keys(scenarios))("%s registers what its golden file says", async (stack) => {
  const scenario = await scenarios[stack]?.();
  if (!scenario) throw new Error(`no scenario ${stack}`);
  const found = await registrations(scenario);
  expect(found.length).toBeGreaterThan(0);
  await expect(`${JSON.stringify(found, null, 2)}\n`).toMatchFileSnapshot(`./${stack}.json`);
});

const LOST = { articles: { "course/one": {}, "course/two": {}, "blog/one-idea": {} } };

it.each(["staging", "prod"])(
  "%s refuses to remove most of what it has deployed, until it is confirmed",
  async (stack) => {
    const scenario = await scenarios[stack]?.();
    if (!scenario) throw new Error(`no scenario ${stack}`);
    const losing = { ...scenario, outputs: { ...scenario.outputs, [stack]: LOST } };
    await expect(registrations(losing)).rejects.toThrow(
      /would remove 2 of 3 articles, .*: course\/one, course\/two\. Restore them, or list/,
    );
    vi.resetModules();
    const again = await scenarios[stack]?.();
    const confirmed = JSON.stringify(["course/one", "course/two"]);
    const config = { ...losing.config, "lectern:confirmRemovals": confirmed };
    expect(await registrations({ ...losing, run: again?.run ?? losing.run, config })).not.toEqual([]);
  },
);
