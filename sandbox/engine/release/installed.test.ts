import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { installRelease } from "./installed.ts";

let folder: string;
let chart: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-manifests-"));
  chart = join(folder, "hub");
  mkdirSync(chart);
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: hub\nversion: 1.0.0\nappVersion: 5.4.0\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A helm that prints this. @returns its path */
function standIn(script: string): string {
  const helm = join(folder, "helm");
  writeFileSync(helm, `#!/bin/sh\n${script}\n`);
  chmodSync(helm, 0o755);
  return helm;
}

const PRINTS = `cat >/dev/null
cat <<END
apiVersion: v1
kind: Secret
metadata: {name: hub}
data: {cookie: Z2VuZXJhdGVk}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: hub}
data: {arguments: "$*"}
END`;

it("gives the manifests of a chart, without what the chart generates for Secrets", async () => {
  const shown = { chart, name: "staging", namespace: "hubs", values: { token: "[secret]" } };
  const { text = "", appVersion } = await installRelease(shown, standIn(PRINTS));
  expect(appVersion).toBe("5.4.0");
  expect(text).toMatch(/cookie: "\[secret [0-9a-f]{8}\]"/);
  expect(text).not.toContain("Z2VuZXJhdGVk");
  expect(text).toMatch(/---\n[\s\S]*kind: ConfigMap/);
  expect(text.replaceAll(/\s+/g, " ")).toContain(`template staging ${chart} `);
});

it("says why a chart can't be rendered", async () => {
  const helm = standIn('cat >/dev/null; echo "Error: nil pointer evaluating .Values.x" >&2; exit 1');
  const { text, fault } = await installRelease({ chart, name: "staging" }, helm);
  expect(text).toBeUndefined();
  expect(fault).toMatch(/helm can't render the chart hub .*nil pointer/);
});

it.each(["helm", "hub"])("gives nothing where there is no %s on this machine", async (missing) => {
  const given = missing === "hub" ? join(folder, "none") : chart;
  const helm = missing === "helm" ? join(folder, "none") : standIn(PRINTS);
  expect(await installRelease({ chart: given, name: "staging" }, helm)).toEqual({});
});
