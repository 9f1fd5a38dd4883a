import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { capturePrinted, temporaryFolder } from "../testing/command-test.ts";
import { renderProfiles } from "./profiles.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const GROUPS = [{ slug: "cpu", display_name: "CPU", node_selector: { pool: "cpu" } }];

const folder = temporaryFolder("profiles");
const { out, err } = capturePrinted();

afterEach(() => void vi.unstubAllGlobals());

async function cluster(profiles: string, groups: unknown = GROUPS): Promise<string> {
  await writeFile(join(folder, "profiles.yaml"), profiles);
  await writeFile(join(folder, "node-groups.json"), JSON.stringify(groups));
  return folder;
}

it("refuses an image whose registry does not have it", async () => {
  vi.stubGlobal("fetch", async () => new Response(null, { status: 404 }));
  const dir = await cluster(`- {display_name: Lab, images: ["ghcr.io/a/lab@${DIGEST}"]}\n`);
  expect(await renderProfiles(dir, {})).toBe(1);
  expect(err[0]).toMatch(
    /profiles\.yaml:1:\d+ \[0\]\.images\[0\]: the registry has no image ghcr\.io\/a\/lab@/,
  );
  expect(out).toEqual([]);
});

it("prints the profile_list, as JSON and as YAML", async () => {
  const headers = { "docker-content-digest": DIGEST };
  vi.stubGlobal("fetch", async () => new Response(null, { headers }));
  const dir = await cluster(
    `- display_name: Lab\n  node_groups: cpu\n  images: ["ghcr.io/a/lab:w_2022_40@${DIGEST}"]\n`,
  );
  const list = [
    {
      display_name: "Lab",
      slug: "lab",
      default: true,
      kubespawner_override: { node_selector: { pool: "cpu" }, image: `ghcr.io/a/lab@${DIGEST}` },
    },
  ];
  expect(await renderProfiles(dir, { json: true })).toBe(0);
  expect(await renderProfiles(dir, {})).toBe(0);
  expect(JSON.parse(out[0] ?? "")).toEqual(list);
  expect(parse(out[1] ?? "")).toEqual(list);
  expect(err).toEqual([]);
});

it("reports the problems of both files at once", async () => {
  const dir = await cluster("- slug: x\n", [{ slug: "cpu", display_name: "CPU" }]);
  expect(await renderProfiles(dir, { json: true })).toBe(1);
  expect(err.join("\n")).toMatch(/node-groups\.json:1:\d+ \[0\]\.node_selector: required/);
  expect(err.join("\n")).toMatch(/profiles\.yaml:1:\d+ \[0\]\.display_name: required/);
  expect(out).toEqual([]);
});

it("names a missing file", async () => {
  expect(await renderProfiles(join(folder, "none"), {})).toBe(1);
  expect(err.join("\n")).toMatch(/none\/profiles\.yaml: the file does not exist/);
});

it("names every entry and field of images.yaml that a registry can't serve", async () => {
  const dir = await cluster("- display_name: A\n  images: lab\n- display_name: B\n  images: gpu\n");
  const tags = JSON.stringify({ name: "a/lab", tags: ["w_2022_40"] });
  vi.stubGlobal("fetch", async (url: string | URL | Request) =>
    String(url instanceof Request ? url.url : url).includes("a/lab")
      ? new Response(tags, { headers: { "content-type": "application/json" } })
      : new Response("{}", { status: 404 }),
  );
  await writeFile(
    join(dir, "images.yaml"),
    "lab: {repository: r.example/a/lab, policy: {recommended: w_2022_44}}\ngpu: {repository: r.example/a/gpu}\n",
  );
  expect(await renderProfiles(dir, {})).toBe(1);
  expect(err).toHaveLength(2);
  expect(err[0]).toContain(
    `${dir}/images.yaml:1:58 lab.policy.recommended: the repository has no tag "w_2022_44"`,
  );
  expect(err[1]).toContain(`${dir}/images.yaml:2:19 gpu.repository: `);
});
