import { describe, expect, it } from "vitest";
import { comparePaths } from "./compare-paths.ts";

describe("the changed paths of a hub's values", () => {
  it("have short values", () => {
    const before = { hub: { config: { JupyterHub: { log_level: "INFO" } } }, gone: 1, long: "x" };
    const after = {
      hub: { config: { JupyterHub: { log_level: "DEBUG" } } },
      long: "y ".repeat(100),
      list: [{ a: 1 }],
    };
    expect(comparePaths(before, after)).toEqual([
      { path: "hub.config.JupyterHub.log_level", change: "changed", before: "INFO", after: "DEBUG" },
      { path: "gone", change: "removed", before: "1" },
      { path: "long", change: "changed", before: "x" },
      { path: "list", change: "added" },
    ]);
  });

  it("name a profile by its name", () => {
    const profiles = (cpu: number) => ({
      profileList: [{ display_name: "Large memory", kubespawner_override: { cpu_limit: cpu } }],
    });
    expect(comparePaths(profiles(1), profiles(2)).map(({ path }) => path)).toEqual([
      "profileList[Large memory].kubespawner_override.cpu_limit",
    ]);
  });

  it("mask what is or looks secret, on both sides", () => {
    const before = { secret: "canary-1", db: { url: "plain" }, auth: { state: "canary-2" }, note: "n" };
    const after = {
      secret: "canary-3",
      db: { url: "postgres://a:canary@b/c" },
      auth: { state: "x" },
      note: "in known-value",
    };
    const changes = comparePaths(before, after, ["known-value"]);
    expect(JSON.stringify(changes)).not.toMatch(/canary|known-value|plain/);
    expect(changes).toHaveLength(4);
  });
});
