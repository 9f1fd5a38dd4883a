import { describe, expect, it } from "vitest";
import { seedImage } from "../../../sandbox/services/registry/image.ts";
import type { RegistryStandIn } from "../../../sandbox/services/registry/registry.ts";
import { client, registriesOfEachTest, standIn } from "../../../test/services/registry/registry-fixture.ts";
import { repositoryTagsSchema } from "../../api/tags.ts";
import { trialStudio } from "../testing/trial-studio.ts";

registriesOfEachTest();

const PATH = "clusters/campus/images.yaml";
const CREATED = "2026-03-05T10:00:00Z";
const entry = (host: string, more: object = {}) => ({
  lab: { repository: `${host}/lab`, alias: "recommended", policy: { recommended: "w_2026_10", ...more } },
});

/** A studio over a registry that has these tags, each of one image that was made a day after the one before. */
async function studioOver(registry: RegistryStandIn, images: readonly (readonly string[])[]) {
  for (const [day, tags] of images.entries()) {
    const created = new Date(Date.parse(CREATED) + day * 86_400_000).toISOString();
    const { digest } = await seedImage(registry.store, "lab", { content: tags[0] ?? "", created });
    registry.store.tag("lab", Object.fromEntries(tags.map((tag) => [tag, digest])));
  }
  const files = { [`catalog/${PATH}`]: JSON.stringify(entry(registry.host)) };
  const own = client();
  const { asAda } = await trialStudio(files, { registry: async () => own });
  const ask = (find = "", key = "lab", value?: unknown) =>
    asAda("/api/images/tags", {
      method: "POST",
      payload: {
        cluster: "campus",
        key,
        find,
        edits: value === undefined ? [] : [{ path: PATH, base: null, value }],
      },
    });
  const tags = async (find?: string, value?: unknown) =>
    repositoryTagsSchema.parse((await ask(find, "lab", value)).json());
  return { ask, tags };
}

const IMAGES = [["w_2026_09"], ["w_2026_10", "recommended"], ["r1_0_0"], ["w_2026_11", "latest"]];

describe("the tags of an entry's repository", () => {
  it("have their names, digests and ages; moving ones first, named by what they stand for", async () => {
    const registry = await standIn();
    const { tags } = await studioOver(registry, IMAGES);
    const shown = await tags();
    expect(shown).toMatchObject({ repository: `${registry.host}/lab`, found: 6, problems: [] });
    expect(shown.tags.map(({ tag, name, aliases }) => [tag, name, aliases])).toEqual([
      ["recommended", "Recommended (Weekly 2026_10)", []],
      ["latest", "Latest (Weekly 2026_11)", []],
      ["r1_0_0", "Release r1.0.0", []],
      ["w_2026_11", "Weekly 2026_11", ["latest"]],
      ["w_2026_10", "Weekly 2026_10", ["recommended"]],
      ["w_2026_09", "Weekly 2026_09", []],
    ]);
    expect(shown.tags[0]?.target).toEqual({ tag: "w_2026_10", name: "Weekly 2026_10" });
    expect(shown.tags.map(({ isFixed }) => isFixed)).toEqual([false, false, true, true, true, true]);
    const [oldest] = shown.tags.slice(-1);
    expect(oldest).toMatchObject({
      created: Date.parse(CREATED),
      digest: registry.store.find("lab", "w_2026_09")?.digest,
    });
  });

  it("are found by words of the tag or of its name", async () => {
    const { tags } = await studioOver(await standIn(), IMAGES);
    const found = async (find: string) => (await tags(find)).tags.map(({ tag }) => tag);
    expect(await found("weekly 11")).toEqual(["w_2026_11"]);
    expect(await found("R1_0")).toEqual(["r1_0_0"]);
    expect(await tags("monthly")).toMatchObject({ tags: [], found: 0 });
  });

  it("are asked for as far as they are shown, each image once, and what the entry names is shown", async () => {
    const registry = await standIn();
    const old = Array.from({ length: 60 }, (_, week) => [
      `w_2025_${String((week % 52) + 1).padStart(2, "0")}`,
    ]);
    const { tags } = await studioOver(registry, [...old, ["w_2026_10", "recommended"]]);
    const value = entry(registry.host, { pin: ["w_2025_01"] });
    const shown = await tags("", value);
    expect(shown).toMatchObject({ found: 54 });
    expect(shown.tags).toHaveLength(24);
    expect(shown.tags.map(({ tag }) => tag)).toEqual(expect.arrayContaining(["recommended", "w_2025_01"]));
    const blobs = () => registry.calls().filter(({ path }) => path.includes("/blobs/")).length;
    expect(blobs()).toBe(23);
    await tags("", value);
    expect(blobs()).toBe(23);
  });

  it("are shown without their ages where the registry gives no more, which is reported once", async () => {
    const registry = await standIn();
    const { tags } = await studioOver(registry, IMAGES);
    registry.fail({ kind: "wrong-bytes", match: /blobs/, times: 99 });
    const { tags: shown, problems } = await tags();
    expect(shown).toHaveLength(6);
    expect(shown.every(({ created }) => created === undefined)).toBe(true);
    expect(problems).toMatchObject([{ code: "digest-mismatch" }]);
  });

  it("of a registry that only the draft names are not asked for, nor those of an entry that is not there", async () => {
    const registry = await standIn();
    const { tags, ask } = await studioOver(registry, IMAGES);
    const elsewhere = await standIn();
    expect(await tags("", entry(elsewhere.host))).toMatchObject({
      tags: [],
      problems: [{ code: "unknown-registry" }],
    });
    expect(elsewhere.calls()).toEqual([]);
    const missing = await ask("", "__proto__");
    expect([missing.statusCode, missing.json().problems[0].code]).toEqual([404, "unknown-entry"]);
  });
});
