import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findHelm, requireService } from "../require.ts";

requireService("Helm (what helm/build.sh builds)", findHelm, (helm) => {
  it("reports the version that it was built from", () => {
    const [, version] =
      /helm\.sh\/helm\/v4 (v\S+)/.exec(readFileSync(join(import.meta.dirname, "go.mod"), "utf8")) ?? [];
    expect(execFileSync(helm, ["version", "--template", "{{.Version}}"], { encoding: "utf8" })).toBe(version);
  });
});
