import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { changeLines } from "../../../components/hub/objects/change-lines.ts";
import type { PropertyMap } from "../value/values.ts";
import { releaseChanges } from "./changes.ts";
import { installRelease } from "./installed.ts";

/** A helm that puts the values that it is given into objects, and makes a Secret of its own at each call. */
const HELM = `#!/bin/sh
values=$(cat | sed "s/'/’/g")
cat <<END
apiVersion: v1
kind: ConfigMap
metadata: {name: hub}
data: {values: '$values'}
---
apiVersion: v1
kind: Secret
metadata: {name: hub}
data: {generated: "$$"}
END
`;

let folder: string;
let helm: string;
let chart: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-changes-"));
  helm = join(folder, "helm");
  writeFileSync(helm, HELM);
  chmodSync(helm, 0o755);
  chart = join(folder, "hub");
  mkdirSync(chart);
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: hub\nversion: 1.0.0\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

const release = (values: PropertyMap): PropertyMap => ({ chart, name: "staging", namespace: "hubs", values });

async function linesOf(before: PropertyMap, after: PropertyMap, shown = after, program = helm) {
  const { text } = await installRelease(release(before), helm);
  const changes = await releaseChanges(
    {
      hub: "campus/staging",
      before: release(before),
      after: release(after),
      shown: release(shown),
      installed: text,
      appVersion: undefined,
    },
    program,
  );
  return changes && changeLines(changes);
}

it("names the object, and no Secret that the chart only generates", async () => {
  expect(await linesOf({ size: "small" }, { size: "large" })).toEqual([
    "hub campus/staging: 1 object",
    '  ConfigMap hub: key values {"size":"small"} → {"size":"large"}',
    "  values: size small → large",
  ]);
});

it("says nothing where the same is rendered", async () => {
  expect(await linesOf({ size: "small" }, { size: "small" })).toBeUndefined();
});

it("tells that a secret changes, and shows neither", async () => {
  const [before, after] = [{ nested: [{ word: "canary-one" }] }, { nested: [{ word: "canary-two" }] }];
  const lines = await linesOf(before, after, { nested: [{ word: "[secret]" }] });
  expect(lines?.join("\n")).toContain("ConfigMap hub: key values changed");
  expect(lines?.join("\n")).toContain("values: nested[0].word changed");
  expect(lines?.join("\n")).not.toContain("canary");
});

it("lists the values where helm is not on PATH", async () => {
  const lines = await linesOf({ size: "small" }, { size: "large" }, { size: "large" }, join(folder, "none"));
  expect(lines?.slice(1)).toEqual([
    "  objects were not compared: helm is not on PATH. Install Helm 3.13 or later",
    "  values: size small → large",
  ]);
});
