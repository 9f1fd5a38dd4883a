import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hubSecretsLayer, hubSecretsSchema } from "./hub-secrets.ts";
import { SopsFiles } from "./sops.ts";
import { standInEncrypted, standInSops } from "./testing/stand-in-sops.ts";

let folder: string;
let sops: SopsFiles;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lectern-sops-"));
  sops = new SopsFiles(await standInSops(folder));
  vi.stubEnv("SOPS_STAND_IN_KEY", "1");
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function file(text: string, name = "enc.yaml") {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

const refusal = async (text: string) => {
  const error = await sops.read(await file(text), "enc.yaml").catch((reason: unknown) => reason);
  expect(String(error)).not.toContain("hush");
  return String(error);
};

describe("a file that sops encrypted", () => {
  it("is decrypted in memory alone, and knows the places of its keys", async () => {
    const path = await file(standInEncrypted({ hub: { token: "hush" }, port: 8080 }));
    const layer = await sops.read(path, "campus/enc.yaml");
    expect(layer).toMatchObject({
      source: "campus/enc.yaml",
      secret: true,
      values: { hub: { token: "hush" }, port: 8080 },
    });
    expect(layer.locate?.(["port"], "key")).toEqual({ line: 3, column: 1 });
    expect((await readdir(folder)).sort()).toEqual(["enc.yaml", "sops"]);
  });

  it("is decrypted once", async () => {
    const path = await file(standInEncrypted({}));
    expect(await sops.read(path, "enc.yaml")).toBe(await sops.read(path, "enc.yaml"));
  });

  it.each([
    [
      "it is not encrypted",
      "token: hush\n",
      /has no metadata of it\. Run `sops encrypt --in-place enc\.yaml`/,
    ],
    ["it is no YAML", "token: [hush\n", /enc\.yaml:2:1: this is not YAML/],
    ["it was changed by hand", `${standInEncrypted({ a: "hush" })}# changed\n`, /was changed without sops/],
    ["it holds no map", standInEncrypted(["hush"]), /no map of values/],
  ])("is refused where %s", async (_, text, message) => {
    expect(await refusal(text)).toMatch(message);
  });

  it("is refused where its key is elsewhere, without what sops says", async () => {
    vi.stubEnv("SOPS_STAND_IN_KEY", "");
    expect(await refusal(standInEncrypted({ a: "hush" }))).toBe(
      "LecternError: enc.yaml: none of the keys that decrypt this file is available here. " +
        "Give sops a key that the file names, or have it encrypted for yours.",
    );
  });

  it("is refused where sops or the file is missing", async () => {
    const path = await file(standInEncrypted({}));
    await expect(new SopsFiles(join(folder, "none")).read(path, "enc.yaml")).rejects.toThrow(
      /sops is not on PATH.* Install it: https:\/\/getsops\.io/,
    );
    await expect(sops.read(join(folder, "none.yaml"), "none.yaml")).rejects.toThrow(
      /can't be read \(ENOENT\)/,
    );
  });
});

describe("lectern:hubSecrets", () => {
  const secrets = hubSecretsSchema.parse({ "campus/staging": { hub: { token: "hush" } } });

  it("is a secret layer of the hub that it names", () => {
    expect(hubSecretsLayer(secrets, "campus/staging")).toEqual({
      source: "lectern:hubSecrets",
      values: { hub: { token: "hush" } },
      secret: true,
    });
    expect(hubSecretsLayer(secrets, "campus/prod")).toBeUndefined();
  });
});
