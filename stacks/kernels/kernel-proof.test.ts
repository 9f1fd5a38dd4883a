import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import type { Catalog } from "../catalog.ts";
import { type ProofArgs, proofOf, withHeldImages } from "./kernel-proof.ts";

const KERNEL = { name: "lab", displayName: "Lab" };

/** Three courses, of which two name the kernel, and one of these has a lecture.yaml. */
function catalog(): Catalog {
  const root = mkdtempSync(join(tmpdir(), "lectern-catalog-"));
  const courses = ["declared", "plain", "other"].map((name) => ({ name, folder: join(root, name) }));
  for (const { folder } of courses) mkdirSync(folder);
  writeFileSync(join(root, "declared", "lecture.yaml"), "");
  return { courses, blogs: [], kernels: [], clusters: [], charts: [], images: [], unknown: [] };
}

const proof = (config: Partial<ProofArgs["config"]>, provesNotebooks = true) =>
  proofOf(KERNEL, {
    catalog: catalog(),
    config: { override: {}, ...config } as ProofArgs["config"],
    named: new Map([["Lab", ["course/declared", "course/plain"]]]),
    policy: { provesNotebooks },
  });
const idsOf = (found: ReturnType<typeof proofOf>) => found?.courses.map(({ id }) => id);

it("proves the courses that have a lecture.yaml, and holds nothing, unless the stack says otherwise", () => {
  expect(proof({})?.mode).toBe("warn");
  expect(idsOf(proof({}))).toEqual(["course/declared"]);
});

it("proves every course that names the kernel where the stack says so", () => {
  expect(proof({ prove: "require" })?.mode).toBe("require");
  expect(idsOf(proof({ prove: "require" }))).toEqual(["course/declared", "course/plain"]);
  expect(idsOf(proof({ prove: "warn" }))).toEqual(["course/declared", "course/plain"]);
});

it("proves nothing where it is off, where the stack takes images from another, and where no course names the kernel", () => {
  expect(proof({ prove: "off" })).toBeUndefined();
  expect(proof({ prove: "require" }, false)).toBeUndefined();
  const args = {
    catalog: catalog(),
    config: { override: {} } as ProofArgs["config"],
    policy: { provesNotebooks: true },
  };
  expect(proofOf(KERNEL, { ...args, named: new Map() })).toBeUndefined();
});

it.each([
  ["9999-12-31", "warn"],
  ["2020-01-01", "require"],
])("lets an image through until the day of an override: %s", (until, mode) => {
  const override = { "kernel/lab": { reason: "a vulnerability", until } };
  expect(proof({ prove: "require", override })?.mode).toBe(mode);
});

const resolved = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

it("adds kernels that keep their image to what is held", async () => {
  const held = { "course/a": { reason: "staging has not deployed it yet", deployed: false } };
  expect(withHeldImages(held, [])).toBe(held);
  const kernels = [
    { id: "kernel/lab", held: pulumi.output({ reason: "it fails" }) },
    { id: "kernel/other", held: pulumi.output(undefined) },
  ];
  const all = withHeldImages(held, kernels);
  if (!pulumi.Output.isInstance(all)) throw new Error("expected an output");
  expect(await resolved(all as pulumi.Output<unknown>)).toEqual({
    ...held,
    "kernel/lab": { reason: "it fails", deployed: true },
  });
});
