import fc from "fast-check";

const text = fc.oneof(
  fc.constantFrom(
    "Standard",
    "Large memory",
    "a <b> & \"c\" 'd'",
    "{{ 7 * 7 }} {% raw %}",
    "Größe №1 🎓",
    "</script>",
  ),
  fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }).filter((one) => one.trim() !== ""),
);
/** Keys of options and choices: numbers, letters, and what is a method of dictionaries in Python. */
const key = fc.oneof(
  fc.constantFrom("items", "get", "image", "8g", "16g", "w_2026_9", "w_2026_10", "constructor"),
  fc.stringMatching(/^[a-zA-Z_][\w.-]{0,5}$/),
);
const reserved = new Set(["profile", "unlisted-choice", "__proto__"]);
const keys = key.filter((one) => !reserved.has(one) && !one.includes("--"));

const choice = fc.record(
  { display_name: text, kubespawner_override: fc.constant({ cpu_limit: 2 }) },
  { requiredKeys: ["display_name"] },
);
const unlisted = fc.record(
  {
    enabled: fc.boolean(),
    display_name: text,
    display_name_in_choices: text,
    validation_regex: fc.constantFrom("^a+$", '^"x"$', "^(?P<n>.+)$"),
    validation_message: text,
    kubespawner_override: fc.constant({ environment: { A: "{value}" } }),
  },
  { requiredKeys: ["enabled", "display_name", "kubespawner_override"] },
);
const option = fc.record(
  {
    display_name: text,
    choices: fc.dictionary(keys, choice, { minKeys: 1, maxKeys: 4 }),
    unlisted_choice: unlisted,
  },
  { requiredKeys: ["display_name", "choices"] },
);

/** Profiles as profiles.yaml may have them, valid ones, without node groups and images. */
export const someProfiles = fc
  .array(
    fc.record(
      {
        display_name: text,
        description: text,
        profile_options: fc.dictionary(keys, option, { maxKeys: 3 }),
      },
      { requiredKeys: ["display_name"] },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .chain((profiles) =>
    fc.nat({ max: profiles.length }).map((chosen) =>
      profiles.map((profile, index) => ({
        ...profile,
        slug: `p${index}`,
        ...(index === chosen ? { default: true } : {}),
      })),
    ),
  );
