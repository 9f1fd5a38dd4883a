import fc from "fast-check";
import type { Json, JsonObject } from "../../../api/json.ts";

const text = fc.oneof(
  fc.constantFrom(
    "a",
    "yes",
    "no",
    "8G",
    "1.5",
    "null",
    "~",
    "",
    " x ",
    "two\nlines\n",
    "# no comment",
    "a: b",
    "- c",
    "ü'\"",
  ),
  fc.string({ maxLength: 8 }),
);
const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n || 0),
  text,
);
const key = fc.oneof(
  fc.constantFrom("image", "cpu", "mem_limit", "a b", "on", "1"),
  fc.string({ maxLength: 4 }),
);

/** Any value of a document. */
export const anyJson: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  ),
})).value;

const name = fc.constantFrom("Standard", "Large", "GPU", "Small", "R", "Julia");

/** A profile: items of one list may have equal names, as copies do. */
const profile: fc.Arbitrary<JsonObject> = fc.record(
  {
    display_name: name,
    slug: fc.constantFrom("standard", "large", "gpu"),
    default: fc.boolean(),
    images: fc.oneof(
      fc.constantFrom("science", "gpu"),
      fc.array(fc.constantFrom<Json>("lab", { image: "r", default: true }, { image: "s" }), { maxLength: 3 }),
    ),
    kubespawner_override: fc.dictionary(
      fc.constantFrom("mem_limit", "cpu_limit", "environment"),
      fc.oneof(scalar, anyJson),
      { maxKeys: 3 },
    ),
  },
  { requiredKeys: ["display_name"] },
);

export const someProfiles: fc.Arbitrary<readonly JsonObject[]> = fc.array(profile, { maxLength: 6 });
