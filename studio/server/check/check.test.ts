import { describe, expect, it } from "vitest";
import { checkSchema } from "../../api/check.ts";
import { clusterSchema, clustersSchema } from "../../api/clusters.ts";
import { trialStudio } from "../testing/trial-studio.ts";

const FILES = {
  "catalog/clusters/campus/profiles.yaml": "- display_name: Standard\n",
  "catalog/clusters/campus/images.yaml": "lab: { repository: ghcr.io/campus/lab, alias: recommended }\n",
  "catalog/clusters/campus/node-groups.json": JSON.stringify([
    {
      slug: "standard",
      display_name: "Standard nodes",
      node_selector: { pool: "standard" },
      capacity: { cpu: "8", memory: "32Gi" },
      reserved: { memory: "2Gi" },
    },
  ]),
  "catalog/clusters/north/images.yaml": "lab: [\n",
};

const check = async (value: unknown, path = "clusters/campus/profiles.yaml") => {
  const studio = await trialStudio(FILES);
  const payload = { edits: [{ path, base: null, value }] };
  return studio.asAda("/api/check", { method: "POST", payload });
};

describe("the check of a draft", () => {
  it("reports what validate does, with the field's path, and nothing of a draft that is right", async () => {
    const wrong = await check([{ display_name: "Large", kubespawner_override: { mem_limit: "64Gi" } }]);
    expect(checkSchema.parse(wrong.json()).problems).toMatchObject([
      {
        file: "clusters/campus/profiles.yaml",
        path: "[0].kubespawner_override.mem_limit",
        code: "wrong-type",
        remedy: expect.stringContaining("Write 64G"),
      },
    ]);
    expect((await check([{ display_name: "Large", node_groups: "standard", images: "lab" }])).json()).toEqual(
      {
        problems: [],
      },
    );
  });

  it("names no place but the catalog's", async () => {
    const { payload } = await check({ lab: { repository: 1 } }, "clusters/campus/images.yaml");
    expect(payload).toContain("clusters/campus/images.yaml");
    expect(payload).not.toContain("lectern-draft-");
  });

  it("reports a file that is no YAML", async () => {
    const response = await check({}, "clusters/north/images.yaml");
    expect(response.statusCode).toBe(200);
    expect(checkSchema.parse(response.json()).problems.length).toBeGreaterThan(0);
  });
});

describe("clusters", () => {
  it("are listed with what they have", async () => {
    const studio = await trialStudio(FILES);
    expect(clustersSchema.parse((await studio.asAda("/api/clusters")).json()).clusters).toEqual([
      { name: "campus", hubs: [], hasProfiles: true, hasImages: true },
      { name: "north", hubs: [], hasProfiles: false, hasImages: true },
    ]);
  });

  it("have node groups with sizes for servers, and entries of images", async () => {
    const studio = await trialStudio(FILES);
    const { nodeGroups, images } = clusterSchema.parse((await studio.asAda("/api/clusters/campus")).json());
    expect(images).toEqual([{ key: "lab", repository: "ghcr.io/campus/lab", alias: "recommended" }]);
    expect(nodeGroups).toMatchObject([{ slug: "standard", has: { cpu: 8, memory: 30 * 2 ** 30 } }]);
    expect(nodeGroups[0]?.shares.map(({ servers, memory }) => [servers, memory])).toContainEqual([4, "7G"]);
  });

  it("are shown as far as they can be read", async () => {
    const studio = await trialStudio(FILES);
    const { images, problems } = clusterSchema.parse((await studio.asAda("/api/clusters/north")).json());
    expect(images).toEqual([]);
    expect(problems[0]).toMatchObject({ file: "catalog/clusters/north/images.yaml" });
  });

  it.each(["elsewhere", "..", "%2e%2e%2fclusters%2fcampus"])(
    "that are not there are not: %s",
    async (name) => {
      const studio = await trialStudio(FILES);
      expect((await studio.asAda(`/api/clusters/${name}`)).statusCode).toBe(404);
    },
  );
});
