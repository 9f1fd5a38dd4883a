import { expect, it } from "vitest";
import { readContents } from "../../components/article/contents.ts";
import { registrations, type Scenario } from "./registrations.ts";

const CATALOG = "test/golden/catalog";
const CONFIG = { "lectern:catalog": CATALOG, "lectern:externalKernels": '["Python 3 (golden)"]' };

const proven = async () => {
  const course = await readContents(`${CATALOG}/courses/first-steps`, "course");
  return {
    "course/first-steps": {
      title: "First steps",
      url: "https://x",
      customId: "c1",
      fingerprint: course.fingerprint,
    },
  };
};

const scenarios: Record<string, () => Promise<Scenario>> = {
  sandbox: async () => ({
    stack: "sandbox",
    config: { ...CONFIG, "lectern:source": "folder" },
    run: (await import("../../stacks/sandbox.ts")).program,
  }),
  staging: async () => ({
    stack: "staging",
    config: { ...CONFIG, "lectern:titlePrefix": "[staging] ", "lectern:visibility": "private" },
    run: (await import("../../stacks/staging.ts")).program,
  }),
  // The course is proven; the blog is not, and prod has it: it is held.
  prod: async () => ({
    stack: "prod",
    config: CONFIG,
    outputs: { staging: { articles: await proven() }, prod: { articles: { "blog/one-idea": {} } } },
    run: (await import("../../stacks/prod.ts")).program,
  }),
};

it.each(Object.keys(scenarios))("%s registers what its golden file says", async (stack) => {
  const scenario = await scenarios[stack]?.();
  if (!scenario) throw new Error(`no scenario ${stack}`);
  const found = await registrations(scenario);
  expect(found.length).toBeGreaterThan(0);
  await expect(`${JSON.stringify(found, null, 2)}\n`).toMatchFileSnapshot(`./${stack}.json`);
});
