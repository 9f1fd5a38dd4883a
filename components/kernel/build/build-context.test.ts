import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { contextDigest, readBuildContext } from "./build-context.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-context-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const digest = async (args?: Record<string, string>) => contextDigest(await readBuildContext(folder), args);

describe(".dockerignore", () => {
  test("the last rule that fits decides, and a folder's rule is its files'", async () => {
    write({
      ".dockerignore": "# comment\n*.md\n!keep.md\ndata/\n/build\n**/__pycache__\n\nlogs/*.log\n",
      Dockerfile: "",
      "keep.md": "",
      "drop.md": "",
      "deep/also.md": "",
      "data/a/b": "",
      "build/x": "",
      "src/build": "",
      "src/__pycache__/m.pyc": "",
      "logs/a.log": "",
      "logs/deep/a.log": "",
    });
    const context = await readBuildContext(folder);
    expect(context.files).toEqual([
      ".dockerignore",
      "Dockerfile",
      "deep/also.md",
      "keep.md",
      "logs/deep/a.log",
      "src/build",
    ]);
    expect(context.ignored).toContain("data/a/b");
  });

  test("a Dockerfile's own rules go before the context's", async () => {
    write({ ".dockerignore": "a", "Dockerfile.dockerignore": "b", Dockerfile: "", a: "", b: "" });
    expect((await readBuildContext(folder)).ignored).toEqual(["b"]);
  });
});

describe("the digest", () => {
  beforeEach(() => write({ ".dockerignore": "notes", Dockerfile: "FROM a:1", "src/a.py": "1", notes: "x" }));

  test("stays when nothing that the build sees changes", async () => {
    const before = await digest({ B: "2", A: "1" });
    utimesSync(join(folder, "src/a.py"), 1, 1);
    write({ notes: "y", "../lectern-elsewhere": "" });
    rmSync(join(folder, "../lectern-elsewhere"));
    expect(await digest({ A: "1", B: "2" })).toBe(before);
  });

  test("changes with content, name, mode, link, argument and Dockerfile", async () => {
    const seen = new Set([await digest()]);
    const changes: [string, () => void][] = [
      ["content", () => write({ "src/a.py": "2" })],
      ["new file", () => write({ "src/b.py": "" })],
      ["mode", () => chmodSync(join(folder, "src/a.py"), 0o755)],
      ["link", () => symlinkSync("a.py", join(folder, "src/link"))],
      ["Dockerfile", () => write({ Dockerfile: "FROM a:2" })],
      ["ignored Dockerfile", () => write({ ".dockerignore": "notes\nDockerfile" })],
      ["Dockerfile that is ignored", () => write({ Dockerfile: "FROM a:3" })],
    ];
    for (const [what, change] of changes) {
      change();
      const now = await digest();
      expect(seen, what).not.toContain(now);
      seen.add(now);
    }
    expect(seen).not.toContain(await digest({ A: "1" }));
  });
});
