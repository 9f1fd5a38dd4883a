import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { registrations } from "../../test/golden/registrations.ts";

const CATALOG = "test/golden/catalog";
const GATEWAY = { specsFolder: "/kernels", hosts: [{ local: true }], restart: { mode: "none" } };
const DIGEST = `sha256:${"2".repeat(64)}`;
const MENU = [{ name: "Recommended (Weekly 2026_10)", tag: "w_2026_10", digest: DIGEST }];
const SELECTED = {
  repository: "docker.io/lectern/lab",
  menu: MENU,
  prepull: MENU,
  recommended: { tag: "w_2026_10", digest: DIGEST },
};

const warn = vi.spyOn(pulumi.log, "warn");
beforeEach(() => {
  // A program keeps its references to stacks for as long as it runs.
  vi.resetModules();
  warn.mockReset();
});

/** The types and names of what a part of prod registers. */
async function registeredBy(stack: string, scope: object, own: Record<string, unknown> = {}) {
  const { program } = await import("../prod.ts");
  const registered = await registrations({
    stack,
    config: {
      "lectern:catalog": CATALOG,
      "lectern:environment": "prod",
      "lectern:scope": JSON.stringify(scope),
      "lectern:gateways": JSON.stringify({ main: GATEWAY }),
      // Of the whole environment: what this stack does not deploy is no mistake here.
      "lectern:articles": '{"course/first-steps":{"customId":"a-1"}}',
      "lectern:clusters": '{"campus":{"patience":0}}',
    },
    outputs: { [stack.replace("prod", "staging")]: { images: { "campus/lab": SELECTED } }, [stack]: own },
    run: program,
  });
  return registered
    .filter(({ type }) => !/^pulumi:(pulumi|providers):/.test(type))
    .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
}

describe("a part of prod", () => {
  it("registers its cluster from what the same part of staging proves, and no gateway", async () => {
    const names = await registeredBy("prod-campus", { clusters: ["campus"] });
    expect(names).toContain("ImagePrepuller campus");
    expect(names.filter((name) => !/campus/.test(name))).toEqual([]);
  });

  it("knows the kernels of another stack, so that articles may name them", async () => {
    const names = await registeredBy(
      "prod-articles",
      { articles: true },
      { articles: { "blog/one-idea": {} } },
    );
    expect(names.filter((name) => /^(Kernel|Gateway|ImagePrepuller) /.test(name))).toEqual([]);
    expect(names).toContain("Blog one-idea");
  });

  it("does not let a cluster go that it has deployed, because its scope lacks it", async () => {
    const own = { images: { "campus/lab": SELECTED } };
    await expect(registeredBy("prod-articles", { articles: true }, own)).rejects.toThrow(
      /would remove 1 of 1 selections of images, which its lectern:scope leaves out.*lectern stacks split/,
    );
  });
});
