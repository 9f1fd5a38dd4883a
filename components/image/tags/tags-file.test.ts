import { expect, it } from "vitest";
import { readTagsFile } from "./tags-file.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

it("reads digests by tag", () => {
  expect([...readTagsFile(`{"w_2026_10": "${DIGEST}"}`, "t.json")]).toEqual([["w_2026_10", DIGEST]]);
});

it.each([
  ["{", /t\.json:1:\d+: this is not JSON: /],
  ["[1]", /t\.json: expected one JSON object, from tag to digest\. Write it as \{/],
  ["null", /expected one JSON object/],
  ['{"old": 1}', /t\.json old: .*expected string, received number/],
  ['{"old": "sha256:xyz"}', /t\.json old: "sha256:xyz" is not a digest/],
])("%j is refused", (text, message) => {
  expect(() => readTagsFile(text, "t.json")).toThrow(message);
});
