import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeLock } from "./lock-file.ts";
import { startOfProcess } from "./process-start.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-lock-"));
  file = join(folder, "a.lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The ID of a process that was killed, and whose parent lives on without asking how it ended. */
async function zombie(): Promise<{ pid: number; bury: () => void }> {
  const parent = spawn("sh", ["-c", "sleep 600 & echo $!; exec sleep 600"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [printed] = (await once(parent.stdout, "data")) as [Buffer];
  const pid = Number(printed);
  // A shell would still ask.
  await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, "utf8")).toBe("sleep\n");
  process.kill(pid, "SIGKILL");
  await expect.poll(() => readFileSync(`/proc/${pid}/stat`, "utf8")).toContain(") Z ");
  return { pid, bury: () => parent.kill("SIGKILL") };
}

describe("a lock", () => {
  it("is refused while another holds it, who is named, and is free after the release", async () => {
    const lock = await takeLock(file);
    await expect(takeLock(file)).rejects.toMatchObject({ holder: process.pid });
    await lock.release();
    await (await takeLock(file)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is left alone by a second release, as another may hold it by then", async () => {
    const lock = await takeLock(file);
    await lock.release();
    const next = await takeLock(file);
    await lock.release();
    await expect(takeLock(file)).rejects.toMatchObject({ holder: process.pid });
    await next.release();
  });

  it("is taken by exactly one of many that find it abandoned at the same time", async () => {
    writeFileSync(file, "4194305 abandoned 1");
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(file)));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(["a.lock"]);
  });

  it.skipIf(process.platform !== "linux")("of a zombie is taken over", async () => {
    const { pid, bury } = await zombie();
    try {
      writeFileSync(file, String(pid));
      await (await takeLock(file)).release();
    } finally {
      bury();
    }
  });

  it("of a process whose ID another process has now is taken over", async () => {
    writeFileSync(file, `${process.pid} nonce ${await startOfProcess(process.pid)} earlier`);
    await (await takeLock(file)).release();
  });

  it("of an earlier version, a process ID alone, keeps others away while the process runs", async () => {
    writeFileSync(file, String(process.pid));
    await expect(takeLock(file)).rejects.toMatchObject({ holder: process.pid });
  });
});
