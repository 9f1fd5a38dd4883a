import { expect, it } from "vitest";
import { seedImage } from "../../../sandbox/services/registry/image.ts";
import { client, registriesOfEachTest, standIn } from "../../../test/services/registry/registry-fixture.ts";
import { parseRepository } from "../reference.ts";
import { imagePolicy } from "./policy.ts";
import { selectFromRegistry } from "./selection-registry.ts";

registriesOfEachTest();

const NOW = Date.UTC(2026, 0, 1);

it("of a registry's 10,000 tags only those are looked up that the selection needs", async () => {
  const registry = await standIn();
  const recommended = await seedImage(registry.store, "lab", { content: "recommended" });
  const other = await seedImage(registry.store, "lab", { content: "other" });
  const old = Array.from({ length: 9_990 }, (_, day) => {
    const date = new Date(Date.UTC(1990, 0, 1 + day)).toISOString().slice(0, 10);
    return [`d_${date.replaceAll("-", "_")}`, other.digest] as const;
  });
  registry.store.tag("lab", {
    ...Object.fromEntries(old),
    r1_0_0: other.digest,
    w_2025_40: recommended.digest,
    ...Object.fromEntries([41, 42, 43, 44, 45, 46].map((week) => [`w_2025_${week}`, other.digest])),
    recommended: recommended.digest,
  });
  const repository = parseRepository(`${registry.host}/lab`);
  const { menu, prepull } = await selectFromRegistry(client(), repository, imagePolicy.parse({}), NOW);
  expect(menu[0]).toEqual({
    name: "Recommended (Weekly 2025_40)",
    tag: "recommended",
    digest: recommended.digest,
  });
  expect(prepull.map(({ digest }) => digest)).toEqual([recommended.digest, other.digest]);
  const lookedUp = registry.calls().filter(({ method }) => method === "HEAD");
  expect(lookedUp.length).toBeLessThan(30);
  expect(registry.calls().length - lookedUp.length).toBe(10);
});
