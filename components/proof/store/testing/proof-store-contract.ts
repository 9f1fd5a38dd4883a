import { beforeEach, describe, expect, it } from "vitest";
import { someResult } from "../../testing/some-result.ts";
import type { ProofStore } from "../proof-store.ts";

/** A store that is empty, as several processes open it. */
export interface StoreUnderTest {
  open(): ProofStore;
  /** An image that proofs can refer to, another one for each name. */
  image(name: string): Promise<string>;
}

/** What every store of proofs does. */
export function proofStoreContract(start: () => Promise<StoreUnderTest>): void {
  let store: StoreUnderTest;
  let image: string;
  beforeEach(async () => {
    store = await start();
    image = await store.image("lab");
  });

  describe("a store of proofs", () => {
    it("finds what another process has kept, and only what was asked for", async () => {
      const [first, second, third] = [someResult("a", image), someResult("b", image), someResult("c", image)];
      await store.open().keep(image, first);
      await store.open().keep(image, second);
      const found = await store.open().find(image, [second.key, third.key]);
      expect([...found]).toEqual([[second.key, second]]);
      expect((await store.open().find(image, [])).size).toBe(0);
    });

    it("has nothing of an image that nobody has tried", async () => {
      const result = someResult("a", image);
      expect((await store.open().find(image, [result.key])).size).toBe(0);
      await store.open().keep(image, result);
      const other = await store.image("other");
      expect((await store.open().find(other, [someResult("a", other).key])).size).toBe(0);
    });

    it("returns a failure with all that was kept of it", async () => {
      const cell = { index: 4, id: "cell-4" };
      const failed = {
        ...someResult("a", image),
        outcome: "failed" as const,
        cell: { ...cell, source: "plot(x)\n" },
        traceback: `${"  File\n".repeat(200)}ValueError: ∞ is too large`,
        differences: [{ cell, kind: "text" as const, message: "it prints 2, and the notebook has 1" }],
      };
      await store.open().keep(image, failed);
      expect((await store.open().find(image, [failed.key])).get(failed.key)).toEqual(failed);
    });

    it("returns the newest where a notebook was run again", async () => {
      const passed = someResult("a", image);
      const failed = { ...passed, outcome: "failed" as const, ranAt: "2026-11-29T12:00:00.000Z" };
      await store.open().keep(image, failed);
      await store.open().keep(image, passed);
      expect((await store.open().find(image, [passed.key])).get(passed.key)).toEqual(passed);
    });

    it("loses none of those that are kept at once", async () => {
      const results = Array.from({ length: 30 }, (_, index) => someResult(`n${index}`, image));
      await Promise.all(results.map((result) => store.open().keep(image, result)));
      const found = await store.open().find(
        image,
        results.map(({ key }) => key),
      );
      expect([...found.keys()].sort()).toEqual(results.map(({ key }) => key).sort());
    });

    it("keeps no credential", async () => {
      const secret = `ghp_${"aZ3kQ9xB7mR1pL5wN8vC2tJ6yD4hF0gSaZ3k"}`;
      const failed = { ...someResult("a", image), outcome: "failed" as const, traceback: `token ${secret}` };
      await store.open().keep(image, failed);
      const found = await store.open().find(image, [failed.key]);
      expect(found.get(failed.key)?.traceback).toBe(`token ${"*".repeat(secret.length)}`);
    });
  });
}
