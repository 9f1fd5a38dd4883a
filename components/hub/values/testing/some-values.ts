import fc from "fast-check";
import type { JsonObject } from "../../../json.ts";

const KEYS = ["a", "b", "c", "global"];

const { value } = fc.letrec<{ value: unknown; map: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant(null),
    fc.constantFrom<unknown>(0, 1.5, 1e21, true, "", "text", "yes", "<&>", "1e3"),
    tie("map"),
    tie("map"),
    fc.array(tie("value"), { maxLength: 2 }),
  ),
  map: fc.dictionary(fc.constantFrom(...KEYS), tie("value"), { maxKeys: 4 }),
}));

/** Values of a few keys, so that layers meet: maps, lists and null at every depth. */
export const someValues: fc.Arbitrary<JsonObject> = fc.dictionary(fc.constantFrom(...KEYS), value, {
  maxKeys: 4,
});
