import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { environmentOf, stagingOf } from "../../stacks/shards/stack-name.ts";

const GUIDE = join(import.meta.dirname, "../../docs/guides/pulumi-kubernetes-operator.md");

/** The part of the operator's Stack that the guide uses; the operator's own CRD is not in this repository. */
const stack = z.strictObject({
  apiVersion: z.literal("pulumi.com/v1"),
  kind: z.literal("Stack"),
  metadata: z.strictObject({ name: z.string(), namespace: z.string() }),
  spec: z.strictObject({
    stack: z.string(),
    projectRepo: z.url(),
    branch: z.string(),
    serviceAccountName: z.string(),
    envRefs: z.record(
      z.string(),
      z.strictObject({
        type: z.literal("Secret"),
        secret: z.strictObject({ name: z.string(), key: z.string() }),
      }),
    ),
    updateTemplate: z.strictObject({ spec: z.strictObject({ continueOnError: z.literal(true) }) }),
    retryMaxBackoffDurationSeconds: z.int(),
    prerequisites: z
      .array(
        z.strictObject({
          name: z.string(),
          requirement: z.strictObject({ succeededWithinDuration: z.string() }),
        }),
      )
      .default([]),
    workspaceTemplate: z.strictObject({ spec: z.strictObject({ image: z.string() }) }),
  }),
});

it("the operator's stacks of the guide go on after an error, name secrets only, and wait for staging", () => {
  const [, yaml = ""] = /```yaml\n(.*?)```/s.exec(readFileSync(GUIDE, "utf8")) ?? [];
  const manifests = parseAllDocuments(yaml).map((document): { kind: string } => document.toJS());
  const stacks = manifests.filter(({ kind }) => kind === "Stack").map((one) => stack.parse(one));
  expect(manifests.map(({ kind }) => kind)).toEqual([
    "ServiceAccount",
    "ClusterRoleBinding",
    "Stack",
    "Stack",
  ]);
  for (const { metadata, spec } of stacks) {
    expect(spec.stack.split("/").at(-1)).toBe(metadata.name);
    const waitsFor = environmentOf(metadata.name) === "prod" ? [stagingOf(metadata.name)] : [];
    expect(spec.prerequisites.map(({ name }) => name)).toEqual(waitsFor);
  }
});
