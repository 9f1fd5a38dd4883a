import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { capturePrinted, temporaryFolder } from "../testing/command-test.ts";
import { selectImages } from "./images.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const TAGS = { recommended: digest("a"), w_2022_40: digest("a"), w_2022_44: digest("b") };

const folder = temporaryFolder("images");
const { out, err } = capturePrinted();
const write = async (name: string, text: string) => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};

it("prints exactly the pulled and the offered images as JSON", async () => {
  const tags = await write("tags.json", JSON.stringify(TAGS));
  const policy = await write("policy.yaml", "recommended: recommended\nweeklies: 1\n");
  expect(await selectImages({ tags, policy, json: true })).toBe(0);
  expect(JSON.parse(out.join("\n"))).toEqual({
    prepull: [
      { tag: "w_2022_40", digest: digest("a") },
      { tag: "w_2022_44", digest: digest("b") },
    ],
    menu: [
      { name: "Recommended (Weekly 2022_40)", tag: "recommended", digest: digest("a") },
      { name: "Weekly 2022_44", tag: "w_2022_44", digest: digest("b") },
    ],
  });
});

it("prints a table with the tag by which an alias is pulled", async () => {
  const tags = await write("tags.json", JSON.stringify(TAGS));
  const policy = await write("policy.json", '{"weeklies": 1}');
  expect(await selectImages({ tags, policy })).toBe(0);
  expect(out.join("\n")).toMatch(
    /Recommended \(Weekly 2022_40\) +│ recommended +│ w_2022_40 +│ sha256:a{12}…/,
  );
});

it.each([
  ["an unknown key", JSON.stringify(TAGS), "weekly: 1", /policy.yaml:1:1 weekly: unknown key "weekly"/],
  ["a negative count", JSON.stringify(TAGS), "weeklies: -1", /weeklies: expected a count, 0 or more/],
  [
    "a missing pin",
    JSON.stringify(TAGS),
    "pin: [w_2022_43]",
    /policy.yaml pin\[0\]: .*nearest are "w_2022_4/,
  ],
  ["a malformed digest", '{"old": "sha256:xyz"}', "", /tags.json old: "sha256:xyz" is not a digest/],
  ["no object", "[1]", "", /tags.json/],
  ["no JSON", "{", "", /tags.json.*: this is not JSON/],
])("%s is rejected", async (_, tagsText, policyText, message) => {
  const tags = await write("tags.json", tagsText);
  const policy = await write("policy.yaml", policyText);
  expect(await selectImages({ tags, policy, json: true })).toBe(1);
  expect(err.join("\n")).toMatch(message);
  expect(out).toEqual([]);
});

it("reports a missing file, and requires one source", async () => {
  expect(await selectImages({ tags: join(folder, "none"), policy: join(folder, "none") })).toBe(1);
  expect(err.join("\n")).toMatch(/none: the file can't be read \(ENOENT\)/);
  expect(await selectImages({ policy: "p" })).toBe(2);
});
