import fc from "fast-check";
import { type DeployedMap, MAP_VERSION, THING_KINDS } from "../map-file.ts";

const instant = fc
  .integer({ min: 0, max: 40 })
  .map((hour) => new Date(Date.UTC(2026, 10, 1, hour)).toISOString());
const text = fc.constantFrom("a", "b", "<script>alert(1)</script>", '"quoted" & more', "‮x");
/** Objects whose missing fields are missing. */
const some = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }, required: (keyof T)[]) =>
  fc.record(model, { requiredKeys: required });

const thing = fc
  .record({ kind: fc.constantFrom(...THING_KINDS), name: fc.constantFrom("a", "b/c", "d") })
  .chain(({ kind, name }) =>
    some(
      {
        id: fc.constant(`${kind}/${name}`),
        kind: fc.constant(kind),
        title: text,
        version: text,
        digest: text,
        since: instant,
        healthy: fc.boolean(),
        outside: fc.constantFrom("left" as const, "retired" as const),
        held: fc.record({ reason: text, deployed: fc.boolean() }),
        override: fc.record({ reason: text, until: fc.constant("2026-12-24") }),
        uses: fc.array(text, { maxLength: 2 }),
        url: fc.constantFrom("https://hub.example.org", "javascript:alert(1)"),
      },
      ["id", "kind", "uses"],
    ),
  );
const change = some(
  {
    id: fc.constantFrom("course/a", "hub/b/c"),
    label: text,
    change: fc.constantFrom("created" as const, "updated" as const),
    before: text,
    after: text,
  },
  ["label", "change"],
);
const deployment = some(
  {
    at: instant,
    begun: instant,
    kind: fc.constantFrom("update", "refresh"),
    result: fc.constantFrom("succeeded", "failed"),
    counts: fc.record({ update: fc.nat(3) }),
    commit: fc.constantFrom("abc", "def"),
    changes: fc.array(change, { maxLength: 3 }),
  },
  ["at", "kind", "changes"],
);
const difference = some(
  {
    thing: fc.constantFrom("course/a", "hub/b/c", "Namespace x"),
    what: text,
    fate: fc.constantFrom("undone" as const, "accepted" as const),
    by: text,
    reason: text,
  },
  ["thing", "what", "fate"],
);
const stack = (name: string) =>
  some(
    {
      stack: fc.constant(name),
      environment: fc.constant(name.split("-")[0] ?? name),
      outputs: fc.record({
        read: instant,
        problems: fc.array(text, { maxLength: 1 }),
        things: fc.uniqueArray(thing, { maxLength: 4, selector: ({ id }) => id }),
      }),
      failure: fc.record({ at: instant, message: text }),
      drift: fc.record({
        at: instant,
        state: fc.constantFrom("clean" as const, "drift" as const, "failed" as const),
        errors: fc.array(text, { maxLength: 1 }),
        differences: fc.array(difference, { maxLength: 3 }),
      }),
      history: fc.array(deployment, { maxLength: 4 }),
      leftOutUpTo: fc.constantFrom("2026-01-01T00:00:00.000Z update", "2026-01-02T00:00:00.000Z update"),
    },
    ["stack", "environment", "history"],
  );

/** Any map of a few stacks, things and deployments, so that maps have much in common. */
export const anyMap: fc.Arbitrary<DeployedMap> = fc.record({
  version: fc.constant(MAP_VERSION),
  made: instant,
  stacks: fc
    .subarray(["prod", "prod-campus", "staging"])
    .chain((names) => fc.tuple(...names.map((name) => stack(name)))),
}) as fc.Arbitrary<DeployedMap>;
