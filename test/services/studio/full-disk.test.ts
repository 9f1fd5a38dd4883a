import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { isDiskFull } from "../../../studio/server/disk-full.ts";
import { memory, PROFILES, TrialRepository } from "../../../studio/server/save/testing/trial-repository.ts";
import { requireService } from "../require.ts";

/** What runs `mount` with the rights that it needs; undefined where nothing does. */
function findMount(): readonly string[] | undefined {
  const ways = process.getuid?.() === 0 ? [[]] : [["sudo", "-n"]];
  return ways.find((way) => {
    try {
      smallDisk(way)();
      return true;
    } catch {
      return false;
    }
  });
}

/** A disk of four megabytes, in memory. @returns what removes it; its folder is the environment's TMPDIR until then */
function smallDisk(way: readonly string[]): () => void {
  const folder = mkdtempSync(join(tmpdir(), "lectern-small-disk-"));
  const run = (...command: string[]) => {
    const [program = "", ...args] = [...way, ...command];
    execFileSync(program, args, { stdio: "pipe" });
  };
  const owner = `size=4m,uid=${process.getuid?.()},gid=${process.getgid?.()}`;
  try {
    run("mount", "-t", "tmpfs", "-o", owner, "tmpfs", folder);
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
  vi.stubEnv("TMPDIR", folder);
  return () => {
    vi.unstubAllEnvs();
    run("umount", folder);
    rmdirSync(folder);
  };
}

/** Fills a disk to its last byte. @returns what frees it again */
function fill(folder: string): () => void {
  const file = join(folder, "filler");
  for (let size = 1 << 20; size >= 1; size >>= 1) {
    try {
      for (;;) appendFileSync(file, Buffer.alloc(size));
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
  }
  return () => rmSync(file);
}

requireService("a disk of its own (mount)", findMount, (way) => {
  it.each([
    ["the repository is on it", () => vi.stubEnv("TMPDIR", "/tmp")],
    ["the server's temporary files are on it, too", () => {}],
  ])(
    "a disk that is full where %s loses nothing, and the same proposal goes through later",
    async (_, place) => {
      const remove = smallDisk(way);
      onTestFinished(remove);
      const disk = tmpdir();
      const trial = await TrialRepository.start({ hasOrigin: false });
      const draft = await trial.draft(memory(0, "8G"));
      place();
      const [before, file] = [trial.git("for-each-ref"), trial.read(`catalog/${PROFILES}`)];
      const free = fill(disk);
      const refused = await trial.propose(draft);
      expect(refused.problems).toMatchObject([
        { code: "disk-full", remedy: expect.stringContaining("the changes are still in this browser") },
      ]);
      free();
      expect(readdirSync(disk).filter((name) => /^lectern-(overlay|index)-/.test(name))).toEqual([]);
      expect([trial.git("for-each-ref"), trial.read(`catalog/${PROFILES}`)]).toEqual([before, file]);
      trial.git("fsck", "--strict", "--no-dangling");
      const { commit } = await trial.propose(draft);
      expect(trial.git("show", `${commit}:catalog/${PROFILES}`)).toContain("mem_limit: 8G # enough");
    },
  );
});
