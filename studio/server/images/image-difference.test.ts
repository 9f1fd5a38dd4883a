import { describe, expect, it } from "vitest";
import { seedImage } from "../../../sandbox/services/registry/image.ts";
import type { RegistryStandIn } from "../../../sandbox/services/registry/registry.ts";
import { client, registriesOfEachTest, standIn } from "../../../test/services/registry/registry-fixture.ts";
import { imageDifferenceSchema } from "../../api/image-difference.ts";
import { trialStudio } from "../testing/trial-studio.ts";

registriesOfEachTest();

const revision = "org.opencontainers.image.revision";
const version = "org.opencontainers.image.version";

async function studioOver(registry: RegistryStandIn) {
  const put = async (tag: string, labels: Record<string, string>, content = tag) => {
    const config = { Labels: labels };
    const { digest } = await seedImage(registry.store, "lab", {
      content,
      config,
      base: ["ubuntu", "python"],
    });
    registry.store.tag("lab", { [tag]: digest });
  };
  await put("w_2026_10", { [version]: "10", [revision]: "aaa", maintainer: "Ada" });
  await put("w_2026_11", { [version]: "11", [revision]: "bbb", "edu.campus.cuda": "12.4" });
  await put("w_2026_12", {});
  registry.store.tag("lab", { latest: registry.store.find("lab", "w_2026_11")?.digest ?? "" });
  const lab = { repository: `${registry.host}/lab`, policy: { recommended: "w_2026_10" } };
  const files = { "catalog/clusters/campus/images.yaml": JSON.stringify({ lab }) };
  const own = client();
  const { asAda } = await trialStudio(files, { registry: async () => own });
  return async (from: string, to: string) => {
    const payload = { cluster: "campus", key: "lab", edits: [], from, to };
    return imageDifferenceSchema.parse(
      (await asAda("/api/images/difference", { method: "POST", payload })).json(),
    );
  };
}

describe("what differs between two images", () => {
  it("is what their labels say, and which layers are downloaded", async () => {
    const differ = await studioOver(await standIn());
    const { layers, ...rest } = await differ("w_2026_10", "w_2026_11");
    expect(rest).toEqual({
      isSame: false,
      labels: [
        { name: "edu.campus.cuda", after: "12.4" },
        { name: "maintainer", before: "Ada" },
        { name: revision, before: "aaa", after: "bbb" },
        { name: version, before: "10", after: "11" },
      ],
      problems: [],
    });
    expect(layers).toMatchObject({
      shared: { count: 2, bytes: "ubuntupython".length },
      removed: { count: 1 },
      added: { count: 1 },
    });
  });

  it("is nothing where both tags name one image", async () => {
    const differ = await studioOver(await standIn());
    expect(await differ("latest", "w_2026_11")).toEqual({ isSame: true, labels: [], problems: [] });
  });

  it("is reported to be unknown where a tag is missing, is none, or the registry refuses", async () => {
    const registry = await standIn();
    const differ = await studioOver(registry);
    expect((await differ("w_2026_10", "w_2026_13")).problems).toMatchObject([{ code: "missing-tag" }]);
    expect((await differ("w_2026_10", "../x")).problems).toMatchObject([{ code: "malformed-tag" }]);
    registry.fail({ kind: "wrong-bytes", match: /blobs/ });
    const { labels, layers, problems } = await differ("w_2026_10", "w_2026_12");
    expect([labels, layers]).toEqual([[], undefined]);
    expect(problems[0]?.code).toBe("digest-mismatch");
  });
});
