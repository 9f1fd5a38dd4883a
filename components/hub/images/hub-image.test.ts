import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readHubImage } from "./hub-image.ts";

let images: string;
beforeEach(() => {
  images = mkdtempSync(join(tmpdir(), "lectern-images-"));
});
afterEach(() => rmSync(images, { recursive: true }));

async function read(files: Readonly<Record<string, string>>, name = "lab") {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(images, name, path)), { recursive: true });
    writeFileSync(join(images, name, path), content);
  }
  return readHubImage(join(images, name));
}

describe("readHubImage", () => {
  it("takes an image that says neither user, command nor port: a chart decides these", async () => {
    const { image, problems } = await read({
      Dockerfile: "FROM quay.io/jupyter/base-notebook:2026-10-05\nCOPY requirements.txt /tmp/\n",
      "requirements.txt": "numpy==2.3.3\n",
      ".dockerignore": "README.md\n",
      "README.md": "",
    });
    expect(problems).toEqual([]);
    expect(image).toMatchObject({
      name: "lab",
      context: { dockerfile: "Dockerfile", files: [".dockerignore", "Dockerfile", "requirements.txt"] },
    });
  });

  it("reports everything that is wrong with name and Dockerfile at once", async () => {
    const { image, problems } = await read(
      { Dockerfile: "FROM ubuntu\nCOPY missing.txt /\nENV API_TOKEN=abc123\n" },
      "My Lab",
    );
    expect(image).toBeUndefined();
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ["image-name", undefined],
      ["base-image-not-pinned", 1],
      ["copy-missing", 2],
      ["secret-in-image", 3],
    ]);
  });

  it("names the file that was meant where there is no Dockerfile", async () => {
    expect((await read({ dockerfile: "FROM ubuntu:24.04\n" })).problems).toMatchObject([
      { code: "missing-file", remedy: 'Did you mean "dockerfile"?' },
    ]);
  });
});
