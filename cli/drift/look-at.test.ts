import { expect, it } from "vitest";
import { LecternError } from "../../components/problem/problem.ts";
import type { SeenEvent } from "../../plan/drift/drift-finder.ts";
import { lookAt, type OpenStack } from "./look-at.ts";

const STACK = { stack: "prod", environment: "prod" };
const type = "kubernetes:core/v1:Namespace";
const metadata = { type, urn: `urn:pulumi:prod::lectern::${type}::jupyterhub`, old: {} };
const GONE: readonly SeenEvent[] = [
  { resourcePreEvent: { metadata: { ...metadata, op: "refresh" } } },
  { resOutputsEvent: { metadata: { ...metadata, op: "refresh" } } },
];

/** A stack whose preview has these events, and ends so. */
const stack =
  (events: readonly object[], ended: { ok: boolean; errors?: readonly string[] } = { ok: true }): OpenStack =>
  async () => ({
    previewRefreshed: async (note) => {
      for (const event of events) note(event as Parameters<typeof note>[0]);
      return { errors: [], changes: {}, warnings: [], planned: [], steps: {}, live: [], ...ended };
    },
  });

it("a stack is clean where nothing differs, and drifted where something does", async () => {
  expect(await lookAt(stack([]), STACK)).toMatchObject({ ...STACK, state: "clean", differences: [] });
  expect(await lookAt(stack(GONE), STACK)).toMatchObject({
    state: "drift",
    differences: [{ thing: "Namespace jupyterhub", change: "gone", fate: "refresh" }],
  });
});

it.each<[string, OpenStack, string, number]>([
  ["there is none", async () => Promise.reject(missing), "there is no stack prod. Create it", 0],
  [
    "its preview fails, with what was seen before",
    stack(GONE, { ok: false, errors: ["broken"] }),
    "broken",
    1,
  ],
  ["its preview fails without a reason", stack([], { ok: false }), "the preview failed", 0],
  [
    "a hub can't be compared",
    stack([{ diagnosticEvent: { message: "a/b/b: drift was not looked for: the cluster is down" } }]),
    "a/b/b: drift was not looked for: the cluster is down",
    0,
  ],
])("a stack could not be looked at where %s", async (_, open, error, differences) => {
  const found = await lookAt(open, STACK);
  expect(found).toMatchObject({ state: "failed", errors: [error] });
  expect(found.differences).toHaveLength(differences);
});

const missing = new LecternError({
  code: "unreadable-stack",
  severity: "error",
  message: "there is no stack prod",
  remedy: "Create it",
});
