import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../json.ts";
import {
  partOfImage,
  placeholderProblems,
  placeholdersIn,
  replacePlaceholders,
} from "./image-placeholders.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const IMAGE = `registry.example:5000/hubs/lab:0123abcd@${DIGEST}`;
const VALUES = {
  singleuser: {
    image: { name: "lectern://images/lab#repository", tag: "lectern://images/lab#tag" },
    profileList: [{ kubespawner_override: { image: "lectern://images/gpu-lab" } }],
  },
  hub: { replicas: 1, note: "no placeholder" },
};

describe("placeholders", () => {
  it("are found wherever they are, with their paths", () => {
    expect(placeholdersIn(VALUES)).toEqual([
      { name: "lab", part: "repository", path: ["singleuser", "image", "name"] },
      { name: "lab", part: "tag", path: ["singleuser", "image", "tag"] },
      {
        name: "gpu-lab",
        part: "reference",
        path: ["singleuser", "profileList", 0, "kubespawner_override", "image"],
      },
    ]);
  });

  it("are replaced by the parts of their images, and nothing else is touched", () => {
    const replaced = replacePlaceholders(VALUES, ({ part }) => partOfImage(IMAGE, part));
    expect(replaced).toEqual({
      singleuser: {
        image: { name: "registry.example:5000/hubs/lab", tag: `0123abcd@${DIGEST}` },
        profileList: [{ kubespawner_override: { image: `registry.example:5000/hubs/lab@${DIGEST}` } }],
      },
      hub: VALUES.hub,
    });
    expect(replaced["hub"]).toBe(VALUES.hub);
  });

  it("leave values without any exactly as they are", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (values) => {
        expect(replacePlaceholders(values as JsonObject, () => "image")).toBe(values);
      }),
    );
  });

  it("are gone once each is replaced, wherever they were", () => {
    const text = fc.constantFrom("lectern://images/lab", "lectern://images/lab#tag", "plain");
    const tree = fc.letrec((tie) => ({
      node: fc.oneof({ maxDepth: 4 }, text, fc.array(tie("node")), fc.dictionary(fc.string(), tie("node"))),
    })).node;
    fc.assert(
      fc.property(fc.dictionary(fc.string(), tree), (values) => {
        expect(placeholdersIn(replacePlaceholders(values, () => "image"))).toEqual([]);
      }),
    );
  });
});

describe("placeholderProblems", () => {
  const problemsOf = (values: unknown) =>
    placeholderProblems(values, ["lab", "gpu-lab"], () => ({ file: "common.yaml", line: 3 }));

  it("finds nothing wrong with images of the catalog", () => {
    expect(problemsOf(VALUES)).toEqual([]);
  });

  it("names each unknown image, with its place and the nearest", () => {
    expect(problemsOf({ image: ["lectern://images/lap"], other: "lectern://images/zzzzzzzz" })).toEqual([
      {
        code: "image-placeholder",
        severity: "error",
        file: "common.yaml",
        line: 3,
        path: "image[0]",
        message: 'the catalog\'s images/ has no folder "lap"',
        remedy: 'Did you mean "lab"?',
      },
      expect.objectContaining({ path: "other", remedy: "Add catalog/images/zzzzzzzz/Dockerfile" }),
    ]);
  });

  it.each([
    "lectern://image/lab",
    "lectern://images/lab#digest",
    "lectern://images/lab:1",
    "x lectern://images/lab",
  ])("refuses %s, which nothing would replace", (image) => {
    expect(problemsOf({ image })).toMatchObject([{ path: "image" }]);
  });
});
