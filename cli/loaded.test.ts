import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

/** What a call of `lectern` loads, by the paths of the modules. */
function loadedBy(args: readonly string[], cwd = "."): string[] {
  const script = `
    import { registerHooks } from "node:module";
    registerHooks({ load(url, context, next) { process.stderr.write(url + "\\n"); return next(url, context); } });
    await import(${JSON.stringify(join(import.meta.dirname, "cli.ts"))});
  `;
  const node = [
    "--input-type=module",
    "--disable-warning=ExperimentalWarning",
    "--eval",
    script,
    "--",
    ...args,
  ];
  return execFileSync("sh", ["-c", '"$0" "$@" 2>&1 >/dev/null', process.execPath, ...node], {
    encoding: "utf8",
    cwd,
  }).split("\n");
}

it("a command loads what it needs alone: the version prints without a schema, an engine or a terminal's tools", () => {
  const loaded = loadedBy(["--version"]).join("\n");
  expect(loaded).toMatch(/node_modules\/commander\//);
  expect(loaded).not.toMatch(/node_modules\/(?!(commander|leven)\/)/);
});

it("a plan of a change loads neither an SDK nor a schema, so that it takes a moment", () => {
  const project = mkdtempSync(join(tmpdir(), "lectern-loaded-"));
  onTestFinished(() => rmSync(project, { recursive: true }));
  mkdirSync(join(project, "catalog/clusters/campus"), { recursive: true });
  const files = {
    "Pulumi.yaml": "name: lectern\n",
    "catalog/clusters/campus/cluster.yaml": "hubs: [{name: staging, chart: hub, values: [common.yaml]}]\n",
    "catalog/clusters/campus/common.yaml": "a: 1\n",
    changed: "catalog/clusters/campus/common.yaml\n",
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(project, path), text);
  const loaded = loadedBy(["plan", "--changed", "changed"], project).join("\n");
  expect(loaded).toMatch(/plan\/deployment\/plan-deployment\.ts/);
  expect(loaded).toMatch(/node_modules\/js-yaml\//);
  expect(loaded).not.toMatch(/node_modules\/(?!(commander|leven|js-yaml)\/)/);
});
