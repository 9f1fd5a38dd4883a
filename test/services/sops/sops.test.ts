import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, it, vi } from "vitest";
import { SopsFiles } from "../../../components/hub/values/secrets/sops.ts";
import { findSops, requireService } from "../require.ts";

requireService("sops (what sops/build.sh builds)", findSops, (sops) => {
  const root = mkdtempSync(join(tmpdir(), "lectern-sops-"));
  afterAll(() => rmSync(root, { recursive: true }));
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(root, "case-"));
    useKey("mine");
  });
  afterEach(() => vi.unstubAllEnvs());

  /** Makes a key of age's, and has sops find it. @returns who can decrypt with it */
  function useKey(name: string): string {
    const path = join(folder, `${name}.txt`);
    writeFileSync(
      path,
      execFileSync(join(dirname(sops), "age-keygen"), { stdio: ["ignore", "pipe", "ignore"] }),
    );
    vi.stubEnv("SOPS_AGE_KEY_FILE", path);
    return /public key: (\S+)/.exec(readFileSync(path, "utf8"))?.[1] ?? "";
  }

  function encrypted(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    execFileSync(sops, ["encrypt", "--in-place", "--age", useKey("mine"), path]);
    expect(readFileSync(path, "utf8")).not.toContain("hush");
    return path;
  }

  const read = (path: string) => new SopsFiles(sops).read(path, "enc.yaml");

  it.each([
    ["enc.yaml", "hub:\n  token: hush\n  port: 8080\n  on: true\n  gone: null\n  list: [a, {b: 1.5}]\n"],
    [
      "enc.json",
      '{"hub": {"token": "hush", "port": 8080, "on": true, "gone": null, "list": ["a", {"b": 1.5}]}}',
    ],
  ])("%s is decrypted with its kinds of values, and nothing is written", async (name, text) => {
    const path = encrypted(name, text);
    const before = readdirSync(folder);
    const { values, locate } = await read(path);
    expect(values).toEqual({
      hub: { token: "hush", port: 8080, on: true, gone: null, list: ["a", { b: 1.5 }] },
    });
    expect(locate?.(["hub", "token"])?.line).toBeGreaterThan(1);
    expect(readdirSync(folder)).toEqual(before);
  });

  it("a file for another key is refused, without its content", async () => {
    const path = encrypted("enc.yaml", "token: hush\n");
    useKey("other");
    await expect(read(path)).rejects.toThrow(
      /^enc\.yaml: none of the keys that decrypt this file is available here\. Give sops a key[^\n]*$/,
    );
  });

  it("a file that was changed by hand is refused", async () => {
    const path = encrypted("enc.yaml", "token: hush\nother: 1\n");
    writeFileSync(path, readFileSync(path, "utf8").replace(/^token: .*$/m, "token: plain"));
    await expect(read(path)).rejects.toThrow(/was changed without sops|can't decrypt this file/);
  });

  it("a file that nobody encrypted is refused", async () => {
    writeFileSync(join(folder, "plain.yaml"), "token: hush\n");
    await expect(read(join(folder, "plain.yaml"))).rejects.toThrow(/has no metadata of it/);
  });
});
