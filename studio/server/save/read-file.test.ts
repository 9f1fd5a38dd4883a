import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { trialStudio } from "../testing/trial-studio.ts";

const PROFILES = "clusters/campus/profiles.yaml";
const fileAt = (path: string) => `/api/save/file?path=${encodeURIComponent(path)}`;

it("gives a file's value with git's ID of its bytes", async () => {
  const { asAda } = await trialStudio({ [`catalog/${PROFILES}`]: "- display_name: A # x\n" });
  expect((await asAda(fileAt(PROFILES))).json()).toEqual({
    path: PROFILES,
    base: "f1e5eda93cc6eb91fcde1bb71fd8e2c86f5f24b1",
    value: [{ display_name: "A" }],
  });
  expect((await asAda(fileAt("clusters/campus/images.yaml"))).json()).toEqual({
    path: "clusters/campus/images.yaml",
    base: null,
    value: null,
  });
});

it.each([
  "../secret.yaml",
  "clusters/campus/../../../profiles.yaml",
  "clusters/../profiles.yaml",
  "clusters/campus/common.yaml",
  "clusters/campus/enc-secret.yaml",
  "/etc/passwd",
  "clusters//profiles.yaml",
  "clusters\\campus\\profiles.yaml",
])("refuses %s, which the studio does not change", async (path) => {
  const { asAda } = await trialStudio({
    "secret.yaml": "a: 1\n",
    "catalog/clusters/campus/common.yaml": "a: 1\n",
  });
  const { statusCode, body } = await asAda(fileAt(path));
  expect(statusCode).toBe(403);
  expect(body).not.toContain("value");
});

it("follows no link out of the catalog", async () => {
  const { root, asAda } = await trialStudio({ "catalog/clusters/campus/cluster.yaml": "hubs: []\n" });
  writeFileSync(join(root, "secret.yaml"), "password: canary\n");
  symlinkSync(join(root, "secret.yaml"), join(root, "catalog", PROFILES));
  const { statusCode, body } = await asAda(fileAt(PROFILES));
  expect(statusCode).toBe(403);
  expect(body).not.toContain("canary");
});

it("tells where a file can't be read", async () => {
  const { asAda } = await trialStudio({ [`catalog/${PROFILES}`]: "- [\n" });
  const { statusCode, body } = await asAda(fileAt(PROFILES));
  expect(statusCode).toBe(422);
  expect(JSON.parse(body).problems[0]).toMatchObject({ code: "malformed-file", file: PROFILES, line: 2 });
});
