import { readdirSync, rmSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Transport } from "../../../components/kernel/hosts/transport/transport.ts";
import { type HostFixture, hostFixture } from "./host-fixture.ts";
import { HOSTILE, hostileName, hostileText } from "./hostile-names.ts";
import { filesContract } from "./transport-files.ts";

/** What every transport has to do; the host is this machine, so that the tests can look behind it. */
export function transportContract(open: () => Transport): void {
  filesContract(open);

  const fixture = hostFixture(open);
  let host: Transport;
  let folder: string;
  let fresh: HostFixture["fresh"];
  beforeAll(() => {
    ({ host, folder, fresh } = fixture());
  });

  describe("names", () => {
    test("hostile names are names, and nothing else", { timeout: 120_000 }, async () => {
      const inside = fresh("hostile");
      const names = fc.uniqueArray(hostileName, { minLength: 1, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(names, async ([first = "", ...rest]) => {
          for (const name of [first, ...rest]) {
            await host.makeFolder(inside(name));
            await host.writeAtomically(inside(name, "kernel.json"), name);
            expect((await host.read(inside(name, "kernel.json")))?.toString()).toBe(name);
          }
          expect(new Set(await host.list(inside()))).toEqual(new Set([first, ...rest]));
          await host.remove(inside(first));
          expect(new Set(readdirSync(inside()))).toEqual(new Set(rest));
          for (const name of rest) rmSync(inside(name), { recursive: true });
        }),
        { numRuns: 12, examples: [[HOSTILE.map((text) => text.replaceAll("/", "_"))]] },
      );
    });
  });

  describe("programs", () => {
    test("output, errors, input and the exit code come back", async () => {
      const script = 'read -r line; echo "out $line"; echo err >&2; exit 3';
      const result = await host.run(["sh", "-c", script], { input: "in\n" });
      expect(result).toEqual({ code: 3, stdout: "out in\n", stderr: "err\n" });
      expect(await host.run(["cat"], { input: "x".repeat(300_000) })).toMatchObject({
        code: 0,
        stdout: "x".repeat(300_000),
      });
      expect((await host.run(["sh", "-c", "kill -9 $$"])).code).toBe(-1);
      expect((await host.run(["true"], { input: "never read".repeat(10_000) })).code).toBe(0);
    });

    test("a program that doesn't exist ends with 127", async () => {
      expect((await host.run(["lectern-no-such-program"])).code).toBe(127);
    });

    test("a program that takes too long is ended and named", async () => {
      const slow = host.run(["sleep", "600"], { timeout: 50 });
      await expect(slow).rejects.toMatchObject({ reason: "timeout", operation: "run sleep" });
      expect((await host.run(["echo", "still here"])).stdout).toBe("still here\n");
    });

    test("fault: shell injection through names – hostile arguments arrive as they are", {
      timeout: 120_000,
    }, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(hostileText, { maxLength: 30 }), async (args) => {
          const result = await host.run(["printf", "%s\\0", ...args]);
          expect(result).toEqual({
            code: 0,
            stderr: "",
            stdout: args.length ? args.map((arg) => `${arg}\0`).join("") : "\0",
          });
        }),
        { numRuns: 30, examples: [[HOSTILE]] },
      );
    });

    test("fault: a path built into argv – a program's name with a blank is one argument", async () => {
      const inside = fresh("program");
      const program = inside("my program; touch ran");
      await host.writeAtomically(program, '#!/bin/sh\necho "$#:$1"\n', { mode: 0o755 });
      expect((await host.run([program, "a b $(id) 'c'"])).stdout).toBe("1:a b $(id) 'c'\n");
    });
  });

  describe("locks", () => {
    test("only one at a time holds a lock; another name is another lock", async () => {
      const name = `exclusive ${folder}`;
      let inside = 0;
      let most = 0;
      const order: number[] = [];
      await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          host.lock(name, async () => {
            inside += 1;
            most = Math.max(most, inside);
            await host.lock(`${name} other ${index}`, async () => order.push(index));
            inside -= 1;
          }),
        ),
      );
      expect(most).toBe(1);
      expect(order.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    });

    test("the work's result and its error come through, and the lock is free again", async () => {
      const name = `result ${folder}`;
      expect(await host.lock(name, async () => 42)).toBe(42);
      await expect(host.lock(name, () => Promise.reject(new Error("as it is")))).rejects.toThrow("as it is");
      expect(await host.lock(name, async () => 43)).toBe(43);
    });
  });
}
