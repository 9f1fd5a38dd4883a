import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

/** What a call of `lectern` loads, by the paths of the modules. */
function loadedBy(...args: string[]): string[] {
  const script = `
    import { registerHooks } from "node:module";
    registerHooks({ load(url, context, next) { process.stderr.write(url + "\\n"); return next(url, context); } });
    process.argv.splice(1, 0, ${JSON.stringify(join(import.meta.dirname, "lectern.mjs"))});
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
  }).split("\n");
}

it("a command loads what it needs alone: the version prints without a schema, an engine or a terminal's tools", () => {
  const loaded = loadedBy("--version").join("\n");
  expect(loaded).toMatch(/node_modules\/commander\//);
  expect(loaded).not.toMatch(/node_modules\/(?!(commander|leven)\/)/);
});
