import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { usePlugins } from "./own-plugins.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-plugins-"));
  const packages = join(folder, "project/node_modules/@pulumi/kubernetes");
  mkdirSync(packages, { recursive: true });
  writeFileSync(join(packages, "package.json"), '{"version": "4.34.2"}');
  for (const name of ["home", "bin"]) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true }));

const use = (packages: readonly string[]) =>
  usePlugins(packages, {
    projectRoot: join(folder, "project"),
    tools: { path: join(folder, "bin") },
    home: join(folder, "home"),
    own: join(folder, "own"),
  });

test("a plugin that is missing is named with the command that installs it", async () => {
  await expect(use(["kubernetes"])).rejects.toThrow(
    "--engine: Pulumi's plugin kubernetes 4.34.2 is not installed. Run `pulumi plugin install resource kubernetes v4.34.2`",
  );
  mkdirSync(join(folder, "own/plugins/resource-kubernetes-v4.33.0"), { recursive: true });
  await expect(use(["kubernetes"])).rejects.toThrow("is not installed");
});

test("the sandbox's CLI finds the plugins that are installed for the person's own, in each run", async () => {
  mkdirSync(join(folder, "own/plugins/resource-kubernetes-v4.34.2"), { recursive: true });
  for (const _ of [1, 2]) {
    await use(["kubernetes"]);
    expect(readdirSync(join(folder, "home/plugins"))).toEqual(["resource-kubernetes-v4.34.2"]);
  }
});

test("a plugin on PATH is enough, and where none is needed nothing is linked", async () => {
  await use([]);
  expect(readdirSync(join(folder, "home"))).toEqual([]);
  writeFileSync(join(folder, "bin/pulumi-resource-kubernetes"), "#!/bin/sh\n", { mode: 0o755 });
  await use(["kubernetes"]);
});
