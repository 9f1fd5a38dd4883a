import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { readContents } from "../../components/article/contents.ts";
import { type Registration, registrations } from "../../test/golden/registrations.ts";

const CATALOG = "test/golden/catalog";
const DIGEST = `sha256:${"2".repeat(64)}`;
const MENU = [{ name: "Recommended (Weekly 2026_10)", tag: "w_2026_10", digest: DIGEST }];
const SELECTED = {
  repository: "docker.io/lectern/lab",
  menu: MENU,
  prepull: MENU,
  recommended: { tag: "w_2026_10", digest: DIGEST },
};
const IMAGE = `docker.io/lectern/python-science@${DIGEST}`;
const KERNEL = { displayName: "Python 3 (golden)", image: IMAGE, registration: "kernel/python-golden/1" };
const GATEWAY = { specsFolder: "/kernels", hosts: [{ local: true }], restart: { mode: "none" } };

/** What prod has deployed of the catalog: everything but the course and qBook's kernel. */
const DEPLOYED = {
  articles: { "blog/one-idea": {} },
  kernels: { "python-golden": KERNEL },
  images: { "campus/lab": SELECTED },
};

const warn = vi.spyOn(pulumi.log, "warn");
beforeEach(() => {
  // A program keeps its references to stacks for as long as it runs.
  vi.resetModules();
  warn.mockReset();
});

/** Runs prod's program against these outputs of staging and of its own last deployment. */
async function runProd(staging: Record<string, unknown>, prod: Record<string, unknown> = DEPLOYED) {
  const { program } = await import("../prod.ts");
  let outputs: Record<string, unknown> = {};
  const registered = await registrations({
    stack: "prod",
    config: { "lectern:catalog": CATALOG, "lectern:gateways": JSON.stringify({ main: GATEWAY }) },
    outputs: { staging, prod },
    run: async () => {
      outputs = await program();
      return outputs;
    },
  });
  return { registered, outputs, warnings: warn.mock.calls.map(([message]) => String(message)) };
}

const find = (registered: readonly Registration[], kind: string, name: string) =>
  registered.find((one) => one.type.endsWith(kind) && one.name === name);

const NOT_DEPLOYED = "staging has not deployed it yet";

describe("prod", () => {
  it("keeps what is deployed as it is and creates nothing where staging's outputs can't be parsed", async () => {
    const { registered, outputs, warnings } = await runProd({ articles: "garbage", kernels: 5, images: [] });
    for (const output of ["articles", "kernels", "images"]) {
      expect(warnings).toContainEqual(
        expect.stringContaining(`output ${output} of the stack organization/lectern/staging can't be parsed`),
      );
    }
    expect(find(registered, "article:Blog", "one-idea")?.ignoreChanges).toEqual(["*"]);
    const kernel = find(registered, "kernel:Kernel", "python-golden");
    expect(kernel?.ignoreChanges).toEqual(["*"]);
    expect(find(registered, "article:Course", "first-steps")).toBeUndefined();
    expect(find(registered, "kernel:Kernel", "served")).toBeUndefined();
    expect(find(registered, "ImageAlias", "campus-lab")?.inputs["targetDigest"]).toBe(DIGEST);
    expect(outputs["holds"]).toEqual({
      "course/first-steps": { reason: NOT_DEPLOYED, deployed: false },
      "blog/one-idea": { reason: NOT_DEPLOYED, deployed: true },
      "kernel/python-golden": { reason: NOT_DEPLOYED, deployed: true },
      "kernel/served": { reason: NOT_DEPLOYED, deployed: false },
      "images/campus/lab": { reason: "staging has not selected them yet", deployed: true },
    });
  });

  it("holds only the entry of staging's outputs that can't be parsed", async () => {
    const { fingerprint } = await readContents(`${CATALOG}/courses/first-steps`, "course");
    const { outputs, warnings } = await runProd({
      articles: { "course/first-steps": { fingerprint, chapters: 2 }, "blog/one-idea": { fingerprint: 5 } },
      kernels: { "python-golden": { image: IMAGE }, served: {} },
      images: { "campus/lab": SELECTED },
    });
    expect(outputs["holds"]).toEqual({ "blog/one-idea": { reason: NOT_DEPLOYED, deployed: true } });
    expect(warnings.filter((message) => message.includes("can't be parsed"))).toEqual([
      expect.stringContaining("output articles.blog/one-idea of the stack organization/lectern/staging"),
    ]);
  });

  it("does not drop what it has deployed where its own output of it can't be parsed", async () => {
    const { registered, outputs } = await runProd({}, { ...DEPLOYED, articles: { "blog/one-idea": 5 } });
    expect(find(registered, "article:Blog", "one-idea")?.ignoreChanges).toEqual(["*"]);
    expect(outputs["holds"]).toMatchObject({ "blog/one-idea": { deployed: true } });
  });

  it.each(["articles", "kernels", "images"])(
    "fails where its own %s are no map at all, as it would remove what it doesn't know of",
    async (name) => {
      await expect(runProd({}, { ...DEPLOYED, [name]: "garbage" })).rejects.toThrow(
        `the output ${name} of the stack organization/lectern/prod can't be parsed`,
      );
    },
  );

  it("fails where it holds images that its own output does not tell, as it would remove their alias", async () => {
    await expect(runProd({}, { ...DEPLOYED, images: { "campus/lab": 5 } })).rejects.toThrow(
      "the output images.campus/lab of the stack organization/lectern/prod can't be parsed",
    );
  });
});
