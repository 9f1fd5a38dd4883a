import { expect, it } from "vitest";
import type { ProofFailure } from "../../components/proof/result/proof-failure.ts";
import { heldByNotebooks } from "../../plan/map/held-by-notebook.ts";
import { type DeployedMap, MAP_VERSION, mapSchema } from "../../plan/map/map-file.ts";
import { mapPage } from "../../plan/map/page/page.ts";
import { mapSummary } from "../../plan/map/summary.ts";
import { thingsOf } from "./stack/stack-things.ts";

const failure: ProofFailure = {
  course: "course/bell",
  notebook: "two.ipynb",
  cell: 4,
  error: "NameError: <b>execute</b>",
  image: `ghcr.io/x/science@sha256:${"2".repeat(64)}`,
  others: 1,
  changes: ["numpy (pypi) 1.26.4 → 2.3.5"],
};

/** A map as the report makes it of a stack's outputs. */
function mapOf(holds: object): DeployedMap {
  const kernels = {
    python: { displayName: "Python", image: failure.image, registration: "kernel/python/1" },
  };
  const state = { outputs: { kernels, holds }, secret: [], changed: new Map() };
  const { things, problems } = thingsOf("staging", state as unknown as Parameters<typeof thingsOf>[1]);
  expect(problems).toEqual([]);
  const outputs = { read: "2026-11-30T10:00:00Z", things, problems: [] };
  const stacks = [{ stack: "staging", environment: "staging", outputs, history: [] }];
  return mapSchema.parse({ version: MAP_VERSION, made: "2026-11-30T10:00:00Z", stacks });
}

const HELD = mapOf({
  "kernel/python": { reason: "x", deployed: true, failure },
  "course/bell": { reason: "staging has not deployed it yet", deployed: true },
});

it("is found in the outputs of a stack", () => {
  expect(heldByNotebooks(HELD)).toEqual([
    { stack: "staging", id: "kernel/python", kind: "kernel", name: "Python", failure },
  ]);
});

it("has a section of its own on the page and in the summary, with what to do", () => {
  const page = mapPage(HELD);
  expect(page).toContain("Held by a notebook");
  expect(page).toContain("course/bell, two.ipynb, cell 4");
  expect(page).toContain(
    "NameError: &lt;b&gt;execute&lt;/b&gt;; 1 more notebook fails; changed with the image",
  );
  expect(page).toContain("lectern:override for kernel/python");
  const summary = mapSummary(HELD);
  expect(summary).toMatch(
    /\*\*Held by a notebook\*\*\n\n- kernel \*\*Python\*\* \(staging\): course\/bell, two\.ipynb/,
  );
  expect(summary).toContain("lectern:override for kernel/python");
});

it("has none where nothing else than the gate holds", () => {
  const map = mapOf({ "kernel/python": { reason: "staging has not deployed it yet", deployed: true } });
  expect(mapPage(map)).not.toContain("Held by a notebook");
  expect(mapSummary(map)).not.toContain("Held by a notebook");
});
