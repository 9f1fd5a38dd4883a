import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockState, readDeployment, StateWriter } from "./state-file.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-state-"));
  path = join(folder, "dev.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const state = (time: string) => JSON.stringify({ version: 3, deployment: { manifest: { time } } });

describe("a state file", () => {
  it.each([
    ["cut off", state("1").slice(0, -3)],
    ["empty", ""],
    ["of another version", '{"version":1,"deployment":{"manifest":{}}}'],
    ["something else", '{"version":3}'],
  ])("that is %s is refused with its path, offers the backup, and is left as it is", async (_case, text) => {
    await writeFile(path, text);
    await expect(readDeployment(path)).rejects.toThrow(`${path}: the state is truncated or is not a state`);
    await writeFile(`${path}.bak`, state("before"));
    await expect(readDeployment(path)).rejects.toThrow(`${path}.bak`);
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it("that is missing is an empty stack", async () => {
    expect(await readDeployment(path)).toBeUndefined();
  });

  it("is backed up as it was before the run", async () => {
    await writeFile(path, state("before"));
    const writer = new StateWriter(path);
    await writer.save(async () => state("1"));
    await writer.save(async () => state("2"));
    expect(readFileSync(`${path}.bak`, "utf8")).toBe(state("before"));
    expect(readFileSync(path, "utf8")).toBe(state("2"));
  });

  it("holds each change when its save resolves, though many changes share one write", async () => {
    const writer = new StateWriter(path);
    let changes = 0;
    let writes = 0;
    const change = async () => {
      const mine = ++changes;
      await writer.save(async () => {
        writes++;
        return state(String(changes));
      });
      const saved = await readDeployment(path);
      expect(Number(saved?.manifest.time)).toBeGreaterThanOrEqual(mine);
    };
    await Promise.all(Array.from({ length: 50 }, change));
    expect(writes).toBeLessThanOrEqual(2);
  });

  it("that could not be written fails for every waiting caller, and is tried again by the next one", async () => {
    const writer = new StateWriter(path);
    const failing = Array.from({ length: 3 }, () => writer.save(() => Promise.reject(new Error("no room"))));
    for (const save of failing) await expect(save).rejects.toThrow("no room");
    await writer.save(async () => state("after"));
    expect((await readDeployment(path))?.manifest.time).toBe("after");
  });
});

describe("a full disk", () => {
  it.skipIf(!existsSync("/dev/full"))("is reported as one, with the state and what to do", async () => {
    symlinkSync("/dev/full", `${path}.tmp`);
    await expect(new StateWriter(path).save(async () => state("1"))).rejects.toThrow(
      `${path}: it can't be written: the disk is full. Free some space, and run the command again.`,
    );
  });
});

describe("a lock", () => {
  it("keeps a second run away, and is released with the first", async () => {
    const unlock = await lockState(path);
    await expect(lockState(path)).rejects.toThrow(`another run, process ${process.pid}, is using this state`);
    await unlock();
    await (await lockState(path))();
  });

  it("of a process that is gone is taken over", async () => {
    // No process has so high an id.
    await writeFile(`${path}.lock`, "4194305");
    await (await lockState(path))();
  });

  it("is acquired by only one of many that request it at once", async () => {
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockState(path)));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});
