import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { inheritedConfig } from "./inherited.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-inherited-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const write = (text: string) => writeFileSync(join(folder, "Pulumi.prod.yaml"), text);

it("takes the plain values of an environment's file, as the engine hands them over", () => {
  write(`config:
  lectern:processingLimit: 1800
  lectern:titlePrefix: "[x] "
  lectern:assumeStaging: true
  lectern:clusters: {campus: {context: campus}}
  other:key: x
`);
  expect(inheritedConfig("prod", folder).values).toEqual({
    processingLimit: "1800",
    titlePrefix: "[x] ",
    assumeStaging: "true",
    clusters: '{"campus":{"context":"campus"}}',
  });
});

it("takes no secret, at any depth, and names those that are there", () => {
  write(`config:
  lectern:apiKey: {secure: v1:canary}
  lectern:clusters: {campus: {tokens: [{secure: v1:canary}]}}
  lectern:gateway: main
`);
  const found = inheritedConfig("prod", folder);
  expect(found).toEqual({ values: { gateway: "main" }, secrets: ["apiKey", "clusters"] });
});

it("leaves to each stack what it deploys", () => {
  write("config: {lectern:scope: {articles: true}, lectern:environment: prod}\n");
  expect(inheritedConfig("prod", folder)).toEqual({ values: {}, secrets: [] });
});

it("refuses an environment without a file, and a file that is not YAML", () => {
  expect(() => inheritedConfig("prod", folder)).toThrow(/there is no Pulumi.prod.yaml/);
  expect(() => inheritedConfig("../prod", folder)).toThrow(/there is no/);
  write("config: [\n");
  expect(() => inheritedConfig("prod", folder)).toThrow(/Pulumi.prod.yaml:\d+:\d+: this is not YAML/);
});
