import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };

/** What npm installs, as far as these rules read it. */
interface Lockfile {
  readonly packages: Readonly<
    Record<
      string,
      { version: string; integrity?: string; bin?: Record<string, string>; dev?: boolean; link?: boolean }
    >
  >;
}
const { packages } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../package-lock.json"), "utf8"),
) as Lockfile;
// The packages that are made here are links to folders outside of node_modules.
const installed = Object.entries(packages).filter(
  ([path, { link }]) => path.startsWith("node_modules/") && !link,
);

it("pins the bytes of every package, also of those for other machines", () => {
  expect(installed.filter(([, { integrity }]) => !integrity).map(([path]) => path)).toEqual([]);
});

it("pins the Node that the project brings, for each kind of machine, also without development's packages", () => {
  const nodes = installed.filter(([, { bin }]) => bin?.["node"] !== undefined);
  const names = nodes.map(([path]) => path.replace("node_modules/", ""));
  expect(names.sort()).toEqual(Object.keys(manifest.optionalDependencies).sort());
  expect(nodes.filter(([, { dev }]) => dev)).toEqual([]);
  const [, major = 0, minor = 0] = /^>=(\d+)\.(\d+)$/.exec(manifest.engines.node)?.map(Number) ?? [];
  for (const [path, { version }] of nodes) {
    const [itsMajor = 0, itsMinor = 0] = version.split(".").map(Number);
    expect(itsMajor > major || (itsMajor === major && itsMinor >= minor), `${path} ${version}`).toBe(true);
  }
});
