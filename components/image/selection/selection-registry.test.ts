import { expect, it } from "vitest";
import type { Digest } from "../../digest.ts";
import { parseDigest, parseRepository } from "../reference.ts";
import { imagePolicy } from "./policy.ts";
import { selectFrom } from "./selection.ts";
import { selectFromRegistry } from "./selection-registry.ts";

const NOW = Date.UTC(2026, 0, 1);
const REPOSITORY = parseRepository("registry.example/lab");
const digest = (seed: number) => parseDigest(`sha256:${seed.toString(16).padStart(64, "0")}`);

/** A repository of 10,000 tags, and a count of what was asked. */
function bigRepository(target: string) {
  const tags = new Map<string, Digest>();
  for (let year = 1; year <= 9999 && tags.size < 9_999; year++) {
    for (let week = 1; week <= 52 && tags.size < 9_999; week++)
      tags.set(`w_${year + 1000}_${week}`, digest(tags.size));
  }
  tags.set("recommended", tags.get(target) ?? digest(99_999));
  const asked: string[] = [];
  const source = {
    listTags: async () => [...tags.keys()],
    resolve: async (_: unknown, tag: string) => {
      asked.push(tag);
      return tags.get(tag);
    },
  };
  return { tags, asked, source };
}

it("of 10,000 tags only those are resolved that the selection needs", async () => {
  const { tags, asked, source } = bigRepository("w_1193_10");
  const policy = imagePolicy.parse({});
  const selection = await selectFromRegistry(source, REPOSITORY, policy, NOW);
  expect(selection).toEqual(selectFrom(tags, policy, NOW));
  expect(selection.menu[0]?.name).toBe("Recommended (Weekly 1193_10)");
  expect(asked.length).toBe(new Set(asked).size);
  expect(asked.length).toBeLessThan(20);
});

it("the search for a target ends, and its failure is reported", async () => {
  const { asked, source } = bigRepository("no such tag");
  const policy = imagePolicy.parse({});
  const selection = await selectFromRegistry(source, REPOSITORY, policy, NOW, { searched: 40 });
  expect(asked.length).toBe(43);
  expect(selection.menu[0]?.name).toBe("Recommended");
  expect(selection.notices).toMatchObject([{ code: "unnamed-alias" }]);
});

it("a pin that stands for nothing costs few look-ups", async () => {
  const { tags, asked, source } = bigRepository("w_1193_10");
  tags.set("old", digest(88_888));
  const policy = imagePolicy.parse({ pin: ["old"] });
  const { menu } = await selectFromRegistry(source, REPOSITORY, policy, NOW);
  expect(menu[0]?.name).toBe("Recommended (Weekly 1193_10)");
  expect(menu.at(-1)).toMatchObject({ name: "old", tag: "old" });
  expect(asked.length).toBeLessThan(30);
});

it("a tag that was removed in between is reported", async () => {
  const { source } = bigRepository("w_1193_10");
  const gone = { ...source, resolve: async () => undefined };
  await expect(selectFromRegistry(gone, REPOSITORY, imagePolicy.parse({}), NOW)).rejects.toThrow(/not known/);
});

it("what tools keep beside images is never selected, whatever the policy takes", async () => {
  const { tags, source } = bigRepository("w_1193_10");
  const policy = imagePolicy.parse({ recommended: "recommended" });
  const expected = await selectFromRegistry(source, REPOSITORY, policy, NOW);
  const beside = `sha256-${"0".repeat(64)}`;
  for (const kind of ["sig", "att", `proof-${"a".repeat(48)}`]) tags.set(`${beside}.${kind}`, digest(77_777));
  expect(await selectFromRegistry(source, REPOSITORY, policy, NOW)).toEqual(expected);
});
