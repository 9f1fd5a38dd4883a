import { execFileSync, spawnSync } from "node:child_process";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  watch,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Transport } from "../../../components/kernel/hosts/transport/transport.ts";
import { type HostFixture, hostFixture } from "./host-fixture.ts";

/** What every transport has to do with files. */
export function filesContract(open: () => Transport): void {
  const fixture = hostFixture(open);
  let host: Transport;
  let folder: string;
  let fresh: HostFixture["fresh"];
  beforeAll(() => {
    ({ host, folder, fresh } = fixture());
  });
  const at = (...names: string[]) => join(folder, ...names);
  describe("files", () => {
    test("what is written is read back, byte for byte, with its mode", async () => {
      const inside = fresh("bytes");
      const sizes = [0, 1, 32_767, 32_768, 32_769, 65_536, 65_537, 400_001];
      for (const size of sizes) {
        const content = Buffer.from(Array.from({ length: size }, (_, at) => (at * 31) % 256));
        await host.writeAtomically(inside("file"), content, { mode: 0o640 });
        expect((await host.read(inside("file")))?.equals(content), `${size} bytes`).toBe(true);
      }
      expect(statSync(inside("file")).mode & 0o777).toBe(0o640);
      expect(readdirSync(inside())).toEqual(["file"]);
    });

    test("a file that isn't there is undefined", async () => {
      expect(await host.read(at("absent"))).toBeUndefined();
      expect(await host.read(at("absent", "deeper"))).toBeUndefined();
      expect(await host.list(at("absent"))).toBeUndefined();
    });

    test("the previous file is kept where it is asked for, and survives a repeated write", async () => {
      const inside = fresh("keep");
      const options = { keepPrevious: inside("kernel.json.previous") };
      await host.writeAtomically(inside("kernel.json"), "first", options);
      expect(readdirSync(inside())).toEqual(["kernel.json"]);
      await host.writeAtomically(inside("kernel.json"), "second", options);
      await host.writeAtomically(inside("kernel.json"), "third", options);
      expect(readFileSync(inside("kernel.json"), "utf8")).toBe("third");
      expect(readFileSync(inside("kernel.json.previous"), "utf8")).toBe("second");
      // As after an interruption between the two renames: both names are one file.
      rmSync(inside("kernel.json.previous"));
      execFileSync("ln", [inside("kernel.json"), inside("kernel.json.previous")]);
      await host.writeAtomically(inside("kernel.json"), "fourth", options);
      expect(readFileSync(inside("kernel.json.previous"), "utf8")).toBe("third");
      expect(readdirSync(inside()).sort()).toEqual(["kernel.json", "kernel.json.previous"]);
    });

    test("what the previous file was is kept too where that is asked for", async () => {
      const inside = fresh("older");
      const options = { keepPrevious: inside("previous"), keepOlder: inside("older") };
      for (const text of ["first", "second"]) await host.writeAtomically(inside("file"), text, options);
      expect(readdirSync(inside()).sort()).toEqual(["file", "previous"]);
      for (const text of ["third", "fourth"]) await host.writeAtomically(inside("file"), text, options);
      const texts = ["file", "previous", "older"].map((name) => readFileSync(inside(name), "utf8"));
      expect(texts).toEqual(["fourth", "third", "second"]);
      expect(readdirSync(inside()).sort()).toEqual(["file", "older", "previous"]);
      rmSync(inside("previous"));
      await host.writeAtomically(inside("file"), "fifth", options);
      expect(readdirSync(inside()).sort()).toEqual(["file", "previous"]);
    });

    test("a replaced file announces itself under its own name", async () => {
      const inside = fresh("watch");
      writeFileSync(inside("kernel.json"), "{}");
      const seen: string[] = [];
      const watcher = watch(inside(), (event, name) => seen.push(`${event} ${name}`));
      await host.writeAtomically(inside("kernel.json"), "{ }");
      await expect.poll(() => seen).toContain("change kernel.json");
      watcher.close();
    });

    test("a write into a missing folder reports it and makes none", async () => {
      const write = host.writeAtomically(at("nowhere", "kernel.json"), "{}");
      await expect(write).rejects.toMatchObject({ reason: "missing", host: host.host });
      expect(readdirSync(folder)).not.toContain("nowhere");
    });

    test("where permission is missing, that is reported", async () => {
      // The kernel's own filesystem lets not even root make anything there.
      const denied = { reason: "permission", host: host.host };
      await expect(host.makeFolder("/sys/lectern")).rejects.toMatchObject(denied);
      await expect(host.writeAtomically("/sys/kernel/lectern", "")).rejects.toMatchObject(denied);
    });

    test("a full disk is named, the old file stays and nothing is left over", async ({ skip }) => {
      const small = fresh("small")();
      const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", small]);
      if (mount.status !== 0) skip("only root may mount the small filesystem that this needs");
      try {
        const path = join(small, "kernel.json");
        await host.writeAtomically(path, "old");
        const write = host.writeAtomically(path, "x".repeat(200_000));
        await expect(write).rejects.toMatchObject({ reason: "no-space" });
        expect(readFileSync(path, "utf8")).toBe("old");
        expect(readdirSync(small)).toEqual(["kernel.json"]);
      } finally {
        execFileSync("umount", [small]);
      }
    });

    test("a write that a full disk ends leaves the file and both of its older ones as they were", async ({
      skip,
    }) => {
      const small = fresh("older-small")();
      const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", small]);
      if (mount.status !== 0) skip("only root may mount the small filesystem that this needs");
      try {
        const at = (name: string) => join(small, name);
        const options = { keepPrevious: at("previous"), keepOlder: at("older") };
        for (const text of ["1", "2", "3"]) await host.writeAtomically(at("file"), text, options);
        for (let tries = 0; tries < 2; tries += 1) {
          const write = host.writeAtomically(at("file"), "x".repeat(200_000), options);
          await expect(write).rejects.toMatchObject({ reason: "no-space" });
        }
        const texts = ["file", "previous", "older"].map((name) => readFileSync(at(name), "utf8"));
        expect(texts).toEqual(["3", "2", "1"]);
        expect(readdirSync(small).sort()).toEqual(["file", "older", "previous"]);
      } finally {
        execFileSync("umount", [small]);
      }
    });

    test("a file system that is read-only is named, whatever is to be written", async ({ skip }) => {
      const place = fresh("read-only")();
      const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", place]);
      if (mount.status !== 0) skip("only root may mount the filesystem that this needs");
      try {
        await host.writeAtomically(join(place, "file"), "1");
        execFileSync("mount", ["-o", "remount,ro", place]);
        const named = { reason: "permission", what: "the file system is read-only" };
        await expect(host.writeAtomically(join(place, "file"), "2")).rejects.toMatchObject(named);
        await expect(host.makeFolder(join(place, "a", "b"))).rejects.toMatchObject(named);
        await expect(host.rename(join(place, "file"), join(place, "other"))).rejects.toMatchObject(named);
      } finally {
        execFileSync("umount", [place]);
      }
    });

    test("folders are made with their parents, and again without harm", async () => {
      const inside = fresh("folders");
      await host.makeFolder(inside("a", "b", "c"));
      await host.makeFolder(inside("a", "b", "c"));
      expect(statSync(inside("a", "b", "c")).isDirectory()).toBe(true);
      writeFileSync(inside("file"), "");
      await expect(host.makeFolder(inside("file"))).rejects.toMatchObject({ reason: "failed" });
    });

    test("names are listed sorted, dot files too", async () => {
      const inside = fresh("list");
      for (const name of ["b", "a", ".hidden", "B", "é", "😀", "～"]) writeFileSync(inside(name), "");
      expect(await host.list(inside())).toEqual([".hidden", "B", "a", "b", "é", "～", "😀"]);
      const many = fresh("many");
      const names = Array.from({ length: 500 }, (_, index) => `kernel-${String(index).padStart(4, "0")}`);
      for (const name of names) mkdirSync(many(name));
      expect(await host.list(many())).toEqual(names);
    });

    test("a folder is moved in one step, and nothing is moved onto another", async () => {
      const inside = fresh("rename");
      mkdirSync(inside("new"));
      writeFileSync(inside("new", "kernel.json"), "{}");
      await host.rename(inside("new"), inside("kernel"));
      expect(readdirSync(inside("kernel"))).toEqual(["kernel.json"]);
      mkdirSync(inside("empty"));
      writeFileSync(inside("one"), "1");
      writeFileSync(inside("two"), "2");
      for (const [from, to] of [
        ["kernel", "empty"],
        ["one", "two"],
        ["one", "empty"],
      ] as const) {
        await expect(host.rename(inside(from), inside(to))).rejects.toMatchObject({ reason: "exists" });
      }
      await expect(host.rename(inside("absent"), inside("x"))).rejects.toMatchObject({ reason: "missing" });
      expect(readFileSync(inside("two"), "utf8")).toBe("2");
    });

    test("a folder is removed whole, a link without what it points to, and nothing twice", async () => {
      const inside = fresh("remove");
      mkdirSync(inside("kernel", "scripts"), { recursive: true });
      writeFileSync(inside("kept"), "kept");
      symlinkSync(inside("kept"), inside("kernel", "link"));
      await host.remove(inside("kernel"));
      await host.remove(inside("kernel"));
      expect(readdirSync(inside())).toEqual(["kept"]);
    });

    test("a path that isn't plain is refused before anything is done", async () => {
      const bad = [
        "relative",
        "/",
        "",
        "/tmp/../etc",
        "/tmp/./x",
        "/tmp//x",
        "/tmp/x/",
        "/tmp/a\0b",
        "/tmp/\ud800",
      ];
      for (const path of bad) {
        await expect(host.read(path), path).rejects.toThrow(/the path/);
        await expect(host.remove(path), path).rejects.toThrow(/the path/);
        await expect(host.writeAtomically(path, ""), path).rejects.toThrow(/the path/);
        await expect(host.rename(at("x"), path), path).rejects.toThrow(/the path/);
      }
    });

    test("fault: kernel.json truncated in place – a reader in a loop never sees half of it", async () => {
      const inside = fresh("loop");
      const text = (step: number) => JSON.stringify({ step, padding: "x".repeat(step * 40) });
      await host.writeAtomically(inside("kernel.json"), text(0));
      let done = false;
      let reads = 0;
      const reader = (async () => {
        while (!done) {
          const { step, padding } = JSON.parse(readFileSync(inside("kernel.json"), "utf8"));
          expect(padding).toHaveLength(step * 40);
          reads += 1;
          await new Promise(setImmediate);
        }
      })();
      for (let step = 1; step <= 500; step += 1)
        await host.writeAtomically(inside("kernel.json"), text(step));
      done = true;
      await reader;
      expect(reads).toBeGreaterThan(100);
      expect(readdirSync(inside())).toEqual(["kernel.json"]);
    });
  });
}
