import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { equal, type Json, type JsonObject } from "../../../api/json.ts";
import { anyJson, someProfiles } from "../testing/arbitrary.ts";
import { applyValue, readValue } from "./apply.ts";

const FILE = "profiles.yaml";

/** Applies a change of the value that a text has. */
function changed(text: string, change: (value: never) => unknown): string {
  const value = readValue(text, FILE);
  const wanted = (change(structuredClone(value) as never) ?? value) as Json;
  const result = applyValue(text, wanted, FILE);
  expect(readValue(result, FILE)).toEqual(wanted);
  return result;
}
type Profile = Record<string, Json>;

const PROFILES = `# What users of the campus hubs choose from.

# Most people need this one.
- display_name: "Standard" # shown first
  slug: standard
  default: true
  kubespawner_override: {mem_limit: 8G,   cpu_limit: 2}

# ---- Large ----

# For data that fits in memory.
- display_name: 'Large memory'
  # As the physics department asked for.
  images:
  - image: quay.io/lab   # theirs
  - image: quay.io/other
  description: |
    Much memory.

    For a day.
  kubespawner_override:
      mem_limit: 64G
      environment: &environment
          A: x # first
      # Nothing below.

- display_name: GPU
  kubespawner_override:
    environment: *environment
# The end.
`;

describe("applyValue", () => {
  it("changes a value in its place and no other byte", () => {
    const result = changed(PROFILES, ([, large]: Profile[]) => {
      return [...(parse(PROFILES) as Profile[])].map((one) =>
        one["display_name"] === large?.["display_name"]
          ? {
              ...one,
              kubespawner_override: { ...(one["kubespawner_override"] as JsonObject), mem_limit: "32G" },
            }
          : one,
      );
    });
    expect(result).toBe(PROFILES.replace("64G", "32G"));
  });

  it("keeps quotes, what is commented on the line, and the spaces in brackets", () => {
    const result = changed(PROFILES, (profiles: Profile[]) => {
      const [first] = profiles;
      return [
        { ...first, display_name: "Small", kubespawner_override: { mem_limit: "4G", cpu_limit: 2 } },
        ...profiles.slice(1),
      ];
    });
    expect(result).toBe(PROFILES.replace('"Standard"', '"Small"').replace("8G", "4G"));
  });

  it("moves a profile with the comment above it, and leaves headings where they are", () => {
    const text =
      "# All\n\n# one\n- a: 1 # x\n\n# --- more ---\n\n# two\n- b: 2\n  # inside\n# three\n- c: 3\n# end\n";
    expect(changed(text, (items: Json[]) => items.reverse())).toBe(
      "# All\n\n# three\n- c: 3\n\n# --- more ---\n\n# two\n- b: 2\n  # inside\n\n# one\n- a: 1 # x\n# end\n",
    );
  });

  it("removes a profile with its comment, and what is about others stays", () => {
    const result = changed(PROFILES, ([one, , three]: Profile[]) => [
      one,
      { ...three, kubespawner_override: { environment: { A: "x" } } },
    ]);
    expect(result).not.toContain("physics");
    expect(result).toContain("# ---- Large ----\n\n- display_name: GPU");
    expect(result.startsWith(PROFILES.slice(0, PROFILES.indexOf("# For data")))).toBe(true);
  });

  it("writes an alias out where it no longer stands for the same", () => {
    const result = changed(PROFILES, (profiles: Profile[]) => {
      const override = { mem_limit: "64G", environment: { A: "z" } };
      return profiles.map((one, index) => (index === 1 ? { ...one, kubespawner_override: override } : one));
    });
    expect(result).toContain("A: z # first");
    expect(result).toContain("environment:\n        A: x\n# The end.");
  });

  it("adds a profile after the one it follows, in the document's style", () => {
    const text = "- display_name: A\n  images:\n  - image: x\n\n- display_name: B\n";
    const added = {
      display_name: "C: new",
      images: [{ image: "z" }],
      description: "two\nlines\n",
      on: "yes",
    };
    expect(changed(text, ([a, b]: Json[]) => [a, added, b])).toBe(
      '- display_name: A\n  images:\n  - image: x\n\n- display_name: "C: new"\n  images:\n  - image: z\n  description: |\n    two\n    lines\n  "on": "yes"\n\n- display_name: B\n',
    );
  });

  it("copies a profile and leaves the original untouched", () => {
    const text = "# the one\n- display_name: A # x\n  cpu: 2\n";
    expect(changed(text, ([a]: Profile[]) => [a, { ...a, display_name: "A (copy)" }])).toBe(
      `${text}- display_name: A (copy)\n  cpu: 2\n`,
    );
  });

  it("gives a map another key and another place, with what is commented on it and in it", () => {
    const text =
      "choices:\n  # small\n  16g: # x\n    display_name: 16 GB # y\n    cpu: 2\n  # large\n  64g: { display_name: 64 GB } # z\n";
    const wanted = {
      choices: {
        "aa-64g": { display_name: "64 GB" },
        "ab-16g": { display_name: "16 GB", cpu: 2, default: true },
      },
    };
    expect(applyValue(text, wanted, FILE)).toBe(
      "choices:\n  # large\n  aa-64g: { display_name: 64 GB } # z\n  # small\n  ab-16g: # x\n    display_name: 16 GB # y\n    cpu: 2\n    default: true\n",
    );
  });

  it("writes out a map of another key that has an anchor", () => {
    const text = "b:\n  c: 1\na:\n  &k one: { name: A } # x\n";
    expect(applyValue(text, { b: { c: 1 }, a: { two: { name: "A" } } }, FILE)).toBe(
      "b:\n  c: 1\na:\n  two:\n    name: A\n",
    );
  });

  it.each<[string, string, (value: never) => unknown, string]>([
    ["a key at the end", "a: 1 # x\n", (v: object) => ({ ...v, b: [1] }), "a: 1 # x\nb:\n  - 1\n"],
    ["a key without a last line break", "a: 1", (v: object) => ({ ...v, b: 2 }), "a: 1\nb: 2"],
    [
      "a scalar that becomes a list",
      "- a: x # y\n  b: 1\n  c: 1\n",
      () => [{ a: ["x", "z"], b: 1, c: 1 }],
      "- a: # y\n    - x\n    - z\n  b: 1\n  c: 1\n",
    ],
    [
      "a list that becomes a scalar",
      "a: # y\n  - x\n  - z\nb: 1\n",
      () => ({ a: "x", b: 1 }),
      "a: x # y\nb: 1\n",
    ],
    ["an empty value", "a:   # y\nb: 1\n", () => ({ a: 1, b: 1 }), "a: 1   # y\nb: 1\n"],
    ["a list that is emptied", "a:\n  - 1\nb: 1\n", () => ({ a: [], b: 1 }), "a: []\nb: 1\n"],
    ["an empty list", "a: []\nb: 1\n", () => ({ a: [1], b: 1 }), "a:\n  - 1\nb: 1\n"],
    ["the first key of an item", "- a: 1\n  b: 2\n", () => [{ b: 2 }], "- b: 2\n"],
    ["brackets over lines", "a: [\n  1,\n  2\n]\n", () => ({ a: [1, 2, 3] }), "a: [\n  1,\n  2,\n  3\n]\n"],
    ["padded brackets", "a: { b: 1 }\n", () => ({ a: { b: 1, c: [2] } }), "a: { b: 1, c: [ 2 ] }\n"],
    [
      "brackets with comments, in another order",
      "# head\na: [ # all\n  # one\n  x, # on x\n  y # on y\n  # end\n]\n",
      () => ({ a: ["z", "y", "x"] }),
      "# head\na: [ # all\n  z,\n  y, # on y\n  # one\n  x # on x\n  # end\n]\n",
    ],
    [
      "braces with comments, and one pair less",
      "a: {\n    # one\n    x: 1, # on x\n    y: '#2',\n    z: 3}\nb: 1 # b\n",
      () => ({ a: { x: 1, y: "#2" }, b: 1 }),
      "a: {\n    # one\n    x: 1, # on x\n    y: '#2'\n    }\nb: 1 # b\n",
    ],
    [
      "brackets with an anchor, and nothing beside them",
      "# head\na: [&x 1, *x]\nb: 2 # b\n",
      () => ({ a: [1, 1, 3], b: 2 }),
      "# head\na: [1, 1, 3]\nb: 2 # b\n",
    ],
    ["a JSON text", '{"a": {"b": "x"}}\n', () => ({ a: { b: "y" } }), '{"a": {"b": "y"}}\n'],
    ["an empty file", "# nothing yet\n", () => ({ a: 1 }), "# nothing yet\na: 1\n"],
    ["an anchor", "a: &x 1 # y\nb: *x\n", () => ({ a: 2, b: 2 }), "a: &x 2 # y\nb: *x\n"],
    ["a whole that is another", "# head\n- 1\n", () => ({ a: 1 }), "# head\na: 1\n"],
  ])("writes %s", (_, text, change, result) => {
    expect(changed(text, change)).toBe(result);
  });

  it("keeps the line endings of each line", () => {
    expect(changed("a: 1\r\nb: 2\r\n", () => ({ a: 1, b: 3, c: 4 }))).toBe("a: 1\r\nb: 3\r\nc: 4\r\n");
    expect(changed("a: 1\r\nb: 2\nc: 3\r\n", () => ({ a: 5, b: 2, c: 3 }))).toBe("a: 5\r\nb: 2\nc: 3\r\n");
    expect(changed("\uFEFFa: 1\n", () => ({ a: 2 }))).toBe("\uFEFFa: 2\n");
  });

  it("refuses what is no single document", () => {
    expect(() => applyValue("a: [", 1, FILE)).toThrow(/profiles\.yaml:1:\d+.*not YAML/);
    expect(() => readValue("a: *b\n", FILE)).toThrow(/profiles\.yaml: an alias can't be read/);
    expect(() => applyValue("a: 1\n---\nb: 2\n", 1, FILE)).toThrow(/profiles\.yaml/);
  });
});

/** Documents as different people write them. */
const text = (value: fc.Arbitrary<Json>) =>
  fc
    .tuple(value, fc.constantFrom(2, 4), fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean())
    .map(([json, indent, indentSeq, isFlow, isCrlf, isCommented]) => {
      const written = stringify(json, {
        indent,
        indentSeq,
        aliasDuplicateObjects: false,
        ...(isFlow ? { collectionStyle: "flow" as const } : {}),
      });
      const commented = isCommented ? withComments(written) : written;
      return { json, text: isCrlf ? commented.replaceAll("\n", "\r\n") : commented };
    });

/** Puts a comment above each item of the outermost list or map. */
const withComments = (written: string) =>
  written.replaceAll(/^(?=[a-z-])/gim, () => "# about what follows\n");

describe("laws of applyValue", () => {
  const any = fc.oneof(anyJson, someProfiles);

  it("gives a text that reads as the value", () => {
    fc.assert(
      fc.property(text(any), any, ({ text }, value) => {
        let before: Json;
        try {
          before = readValue(text, FILE);
        } catch {
          return;
        }
        expect(readValue(applyValue(text, value, FILE), FILE)).toEqual(value);
        expect(applyValue(text, before, FILE)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps the comments of profiles that stay, in whatever order they come", () => {
    const named = fc.uniqueArray(fc.constantFrom("A", "B", "C", "D", "E"), { maxLength: 5 });
    fc.assert(
      fc.property(named, named, fc.integer({ min: 0, max: 4 }), (before, after, which) => {
        const text = before
          .map((n) => `# about ${n}\n- name: ${n} # on ${n}\n  # in ${n}\n  v: {x: 1}\n`)
          .join("\n");
        const wanted = after.map((name, index) => ({ name, v: { x: index === which ? 2 : 1 } }));
        const result = applyValue(`# head\n\n${text}`, wanted, FILE);
        expect(equal(readValue(result, FILE), wanted)).toBe(true);
        expect(result.startsWith("# head\n")).toBe(true);
        const kept = after.filter((name) => before.includes(name));
        if (kept.length === 0) return;
        for (const name of kept) {
          expect(result).toMatch(
            new RegExp(`# about ${name}\n- name: ${name} # on ${name}\n  # in ${name}\n`),
          );
        }
      }),
    );
  });

  it("keeps the comments of items in brackets that stay, in whatever order they come", () => {
    const named = fc.uniqueArray(fc.constantFrom("A", "B", "C", "D"), { maxLength: 4 });
    const layout = fc.record({ isMap: fc.boolean(), hasLastComma: fc.boolean(), isNested: fc.boolean() });
    fc.assert(
      fc.property(named, named, layout, (before, after, { isMap, hasLastComma, isNested }) => {
        const item = (name: string) => (isMap ? `${name}: {n: 1}` : `{name: ${name}}`);
        const lines = before.map((name, index) => {
          const comma = index < before.length - 1 || hasLastComma ? "," : "";
          return `      # about ${name}\n      ${item(name)}${comma} # on ${name}\n`;
        });
        const [open, close] = isMap ? "{}" : "[]";
        const flow = `${open} # all of them\n${lines.join("")}      # the last word\n    ${close}`;
        const own = isMap
          ? Object.fromEntries(after.map((name) => [name, { n: 1 }]))
          : after.map((name) => ({ name }));
        const text = isNested
          ? `# top\n- name: It\n  v: {in: ${flow}}\n  w: 1 # w\n`
          : `# top\n- name: It\n  v: ${flow}\n  w: 1 # w\n`;
        const wanted = [{ name: "It", v: isNested ? { in: own } : own, w: 1 }];
        const result = applyValue(text, wanted, FILE);
        expect(readValue(result, FILE)).toEqual(wanted);
        expect(result).toMatch(/^# top\n/);
        expect(result).toMatch(/ {2}w: 1 # w\n$/);
        if (before.length === 0 || after.length === 0) return;
        expect(result).toContain("# all of them\n");
        expect(result).toContain("# the last word\n");
        for (const name of after.filter((one) => before.includes(one)))
          expect(result).toMatch(new RegExp(`# about ${name}\n {6}\\W?(name: )?${name}.*# on ${name}\n`));
        for (const name of before.filter((one) => !after.includes(one)))
          expect(result).not.toMatch(new RegExp(`# (about|on) ${name}\n`));
      }),
      { numRuns: 300 },
    );
  });
});
