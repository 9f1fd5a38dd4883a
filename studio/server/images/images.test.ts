import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import type { Digest } from "../../../components/digest.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import { formSchema } from "../../api/form.ts";
import { imagesSchema } from "../../api/images.ts";
import { trialStudio } from "../testing/trial-studio.ts";
import { dockerLogin } from "./registry-access.ts";

const TAGS = ["w_2026_09", "w_2026_10", "w_2026_11", "r1_0_0", "recommended", "d_2026_03_01"];
const PATH = "clusters/campus/images.yaml";
const lab = (recommended: string, more: object = {}) => ({
  lab: {
    repository: "registry.example/lab",
    alias: "recommended",
    policy: { recommended, releases: 1, weeklies: 1, dailies: 0, ...more },
  },
});
const FILES = {
  [`catalog/${PATH}`]: JSON.stringify(lab("w_2026_10")),
  "catalog/clusters/campus/profiles.yaml": "- { display_name: Lab, images: lab }\n",
};

const digest = (tag: string): Digest =>
  `sha256:${Buffer.from(tag).toString("hex").padEnd(64, "0").slice(0, 64)}`;

/** A studio whose registry has these tags, and counts what it is asked. */
async function studioWith(tags: readonly string[] | Error) {
  const asked: string[] = [];
  const registry = async (host: string) => ({
    listTags: async (repository: string) => {
      asked.push(`${host} ${repository}`);
      if (tags instanceof Error) throw tags;
      return [...tags];
    },
    resolve: async (_: string, tag: string) => {
      asked.push(tag);
      return digest(tag);
    },
    imageFacts: async () => undefined,
    packages: async () => undefined,
  });
  const studio = await trialStudio(FILES, { registry });
  const select = async (value?: unknown) => {
    const edits = value === undefined ? [] : [{ path: PATH, base: null, value }];
    const response = await studio.asAda("/api/images", {
      method: "POST",
      payload: { cluster: "campus", edits },
    });
    return imagesSchema.parse(response.json()).entries;
  };
  return { studio, asked, select };
}

describe("the images of a cluster", () => {
  it("are what the policy of the draft selects, before it is saved", async () => {
    const { select } = await studioWith(TAGS);
    const [now] = await select();
    expect(now?.tagCount).toBe(6);
    expect(now?.menu.map(({ name }) => name)).toEqual([
      "Recommended (Weekly 2026_10)",
      "Release r1.0.0",
      "Weekly 2026_11",
    ]);
    expect(now?.prepull.map(({ tag }) => tag)).toEqual(["w_2026_10", "r1_0_0", "w_2026_11"]);
    const [promoted] = await select(lab("w_2026_11", { weeklies: 2 }));
    expect(promoted?.prepull.map(({ tag }) => tag)).toEqual(["w_2026_11", "r1_0_0", "w_2026_10"]);
  });

  it("ask the registry for each thing once in a while", async () => {
    const { select, asked } = await studioWith(TAGS);
    await select();
    const first = asked.length;
    await select();
    expect(asked[0]).toBe("registry.example registry.example/lab");
    expect(asked).toHaveLength(first);
  });

  it("say why the registry gives none, and a tag that it has not", async () => {
    const refused = new LecternError({
      code: "denied",
      severity: "error",
      message: "denied",
      remedy: "Log in",
    });
    const [unreachable] = await (await studioWith(refused)).select();
    expect(unreachable).toMatchObject({ menu: [], problems: [{ message: "denied", remedy: "Log in" }] });
    const [missing] = await (await studioWith(TAGS)).select(lab("w_2026_12"));
    expect(missing?.problems).toMatchObject([{ code: "missing-tag", path: "lab.policy.recommended" }]);
  });

  it("of a registry that only the draft names are not asked for", async () => {
    const { select, asked } = await studioWith(TAGS);
    const elsewhere = { lab: { ...lab("w_2026_10").lab, repository: "127.0.0.1:9200/lab" } };
    const [entry] = await select(elsewhere);
    expect(asked).toEqual([]);
    expect(entry).toMatchObject({ menu: [], problems: [{ code: "unknown-registry" }] });
  });

  it("are in the form that users see", async () => {
    const { studio } = await studioWith(TAGS);
    const payload = { cluster: "campus", edits: [] };
    const { list, unseen } = formSchema.parse(
      (await studio.asAda("/api/form", { method: "POST", payload })).json(),
    );
    expect(unseen).toEqual([]);
    expect(JSON.stringify(list)).toContain("Weekly 2026_11");
  });
});

describe("Docker's logins", () => {
  const folder = () => mkdtemp(join(tmpdir(), "docker-"));
  const config = async (content: object, at: string) =>
    writeFile(join(at, "config.json"), JSON.stringify(content));

  it("are read from its file, Docker Hub's under its old name", async () => {
    const at = await folder();
    const auth = Buffer.from("ada:secret:with colon").toString("base64");
    await config({ auths: { "ghcr.io": { auth }, "https://index.docker.io/v1/": { auth } } }, at);
    const login = { username: "ada", password: "secret:with colon" };
    expect(await dockerLogin("ghcr.io", { DOCKER_CONFIG: at })).toEqual(login);
    expect(await dockerLogin("docker.io", { DOCKER_CONFIG: at })).toEqual(login);
    expect(await dockerLogin("quay.io", { DOCKER_CONFIG: at })).toBeUndefined();
  });

  it("are asked of a helper", async () => {
    const at = await folder();
    await config({ credHelpers: { "ghcr.io": "campus" } }, at);
    const helper = join(at, "docker-credential-campus");
    await writeFile(
      helper,
      '#!/bin/sh\nread name\necho "{\\"Username\\": \\"$name\\", \\"Secret\\": \\"s\\"}"\n',
    );
    await chmod(helper, 0o755);
    const environment = { DOCKER_CONFIG: at, PATH: `${at}:${process.env["PATH"]}` };
    expect(await dockerLogin("ghcr.io", environment)).toEqual({ username: "ghcr.io", password: "s" });
  });

  test.each(["{", "[]", '{"auths":1}'])("that can't be read are none: %s", async (text) => {
    const at = await folder();
    await writeFile(join(at, "config.json"), text);
    expect(await dockerLogin("ghcr.io", { DOCKER_CONFIG: at })).toBeUndefined();
  });
});
