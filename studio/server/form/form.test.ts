import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it, test } from "vitest";
import { stringify } from "yaml";
import { lookUp } from "../../../components/hub/values/layers.ts";
import { formSchema } from "../../api/form.ts";
import { trialStudio } from "../testing/trial-studio.ts";

const CLUSTER = {
  "catalog/clusters/campus/profiles.yaml": "# the menu\n- display_name: Standard\n  images: lab\n",
  "catalog/clusters/campus/images.yaml":
    "lab: { repository: ghcr.io/campus/lab, alias: recommended, policy: { recommended: w_2026_10, weeklies: 2, dailies: 0, releases: 1 } }\n",
  "catalog/clusters/campus/node-groups.json": "[]\n",
};
const PATH = "clusters/campus/profiles.yaml";

const form = async (
  value?: unknown,
  more: object = {},
  files: Readonly<Record<string, string>> = CLUSTER,
) => {
  const studio = await trialStudio(files);
  const edits = value === undefined ? [] : [{ path: PATH, base: null, value }];
  const response = await studio.asAda("/api/form", {
    method: "POST",
    payload: { cluster: "campus", edits, ...more },
  });
  return { studio, response, answer: response.json() };
};

describe("the form of a draft", () => {
  it("has what the hub would get; images that only the registry knows stand as their names, marked", async () => {
    const { answer } = await form();
    const { list, unseen } = formSchema.parse(answer);
    expect(unseen).toEqual(["lab"]);
    expect(list).toMatchObject([{ display_name: "Standard", slug: "standard", default: true }]);
    const choices = lookUp(list, [0, "profile_options", "image", "choices"]) as Record<
      string,
      { display_name: string }
    >;
    expect(
      Object.values(choices)
        .map(({ display_name }) => display_name)
        .sort(),
    ).toEqual([
      "1 newest release (from the registry)",
      "2 newest weeklies (from the registry)",
      "Recommended (Weekly 2026_10)",
    ]);
  });

  it("follows the draft, and leaves the file and nothing else behind", async () => {
    const before = drafts();
    const { answer } = await form([{ display_name: "Large" }, { display_name: "Small", default: true }]);
    expect(formSchema.parse(answer).list).toMatchObject([
      { slug: "large" },
      { slug: "small", default: true },
    ]);
    expect(drafts()).toEqual(before);
  });

  it("of a hub is the one that its values say, and a simple one where that can't be had", async () => {
    const files = {
      ...CLUSTER,
      "catalog/clusters/campus/cluster.yaml": stringify({
        values: ["common.yaml"],
        hubs: [
          {
            name: "staging",
            chart: { repository: "https://hub.jupyter.org/helm-chart", name: "jupyterhub", version: "4.4.0" },
          },
        ],
      }),
      "catalog/clusters/campus/common.yaml": stringify({
        hub: { extraConfig: { form: "from jupyterhub_fancy_profiles import setup_ui\nsetup_ui(c)\n" } },
      }),
    };
    const { answer } = await form(undefined, { hub: "staging" }, files);
    expect(answer).toMatchObject({
      frame: "own",
      wanted: "fancy",
      decidedBy: "hub.extraConfig.form",
      notice:
        "The real form needs jupyterhub-fancy-profiles 0.7.0 from the Python index, which can't be had: pip can't reach the index.",
    });
  });

  it("with problems is refused with the problems of its file", async () => {
    const { response, answer } = await form([{ display_name: "A", node_groups: "gpu" }]);
    expect(response.statusCode).toBe(422);
    expect(answer.problems).toMatchObject([
      { code: "missing-node-group", path: "[0].node_groups", file: `catalog/${PATH}` },
    ]);
    expect(JSON.stringify(answer)).not.toContain("lectern-draft-");
  });

  it.each([
    "clusters/campus/cluster.yaml",
    "clusters/../clusters/campus/profiles.yaml",
    "clusters/../profiles.yaml",
    "/etc/passwd",
    "../other/clusters/campus/profiles.yaml",
  ])("with an edit of %s is refused", async (path) => {
    const { response } = await form(undefined, { edits: [{ path, base: null, value: [] }] });
    expect(response.statusCode).toBe(400);
  });

  it.each(["nowhere", "..", ".", "../clusters/campus", ""])(
    "of the cluster %j is refused",
    async (cluster) => {
      expect((await form(undefined, { cluster })).response.statusCode).toBe(404);
    },
  );

  it("is no write in the log", async () => {
    expect((await form()).studio.logged).toEqual([]);
  });
});

test("a frame's document has a policy of its own, and is sent once", async () => {
  const studio = await trialStudio();
  const first = await studio.asAda("/api/form/own");
  expect(first.headers).toMatchObject({
    "content-security-policy": expect.stringContaining("sandbox allow-scripts"),
    "x-frame-options": "SAMEORIGIN",
  });
  const headers = { "if-none-match": String(first.headers["etag"]) };
  expect((await studio.asAda("/api/form/own", { headers })).statusCode).toBe(304);
  expect((await studio.asAda("/api/form/other")).statusCode).toBe(404);
  expect((await studio.ask("/api/form/own")).statusCode).toBe(403);
});

const drafts = () => readdirSync(tmpdir()).filter((name) => name.startsWith("lectern-draft-"));
