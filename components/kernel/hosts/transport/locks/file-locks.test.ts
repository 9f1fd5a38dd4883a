import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileLocks } from "./file-locks.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-locks-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("only one at a time holds a lock, and nothing is left over", async () => {
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 5 }, async () => {
      const lease = await new FileLocks(folder).acquire("a lock/of any name", 30_000);
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
      lease.release();
    }),
  );
  expect(most).toBe(1);
  await expect.poll(() => readdirSync(folder)).toEqual([]);
});

test("a living holder keeps its lock, and one that was killed loses it", async () => {
  const script = `
    import { FileLocks } from ${JSON.stringify(join(import.meta.dirname, "file-locks.ts"))};
    await new FileLocks(${JSON.stringify(folder)}).acquire("x", 1000);
    process.stdout.write("held");
    setTimeout(() => {}, 600_000);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const locks = new FileLocks(folder);
  await expect(locks.acquire("x", 50)).rejects.toMatchObject({ reason: "timeout" });
  const taken = locks.acquire("x", 30_000);
  child.kill("SIGKILL");
  await taken;
});
