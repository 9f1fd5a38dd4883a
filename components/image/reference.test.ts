import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf } from "../digest.ts";
import { LecternError } from "../problem/problem.ts";
import {
  formatReference,
  hostOf,
  parseDigest,
  parseReference,
  parseRepository,
  parseTagName,
  pathOf,
} from "./reference.ts";

const DIGEST = `sha256:${"ab".repeat(32)}`;

describe("an image reference", () => {
  it.each([
    ["ubuntu", "docker.io/library/ubuntu", undefined, undefined],
    ["ubuntu:24.04", "docker.io/library/ubuntu", "24.04", undefined],
    ["lectern/lab:w_2026_40", "docker.io/lectern/lab", "w_2026_40", undefined],
    ["index.docker.io/library/ubuntu", "docker.io/library/ubuntu", undefined, undefined],
    ["registry-1.docker.io/lectern/lab", "docker.io/lectern/lab", undefined, undefined],
    ["localhost/lab", "localhost/lab", undefined, undefined],
    ["127.0.0.1:5000/lab:1", "127.0.0.1:5000/lab", "1", undefined],
    ["[::1]:5000/lab:1", "[::1]:5000/lab", "1", undefined],
    [`GHCR.io/org/image@${DIGEST}`, "ghcr.io/org/image", undefined, DIGEST],
    [`europe-docker.pkg.dev/p/r/image:t@${DIGEST}`, "europe-docker.pkg.dev/p/r/image", "t", DIGEST],
  ])("%s is taken apart", (text, repository, tag, digest) => {
    const reference = parseReference(text);
    expect(reference.repository).toBe(repository);
    expect(reference.tag).toBe(tag);
    expect(reference.digest).toBe(digest);
  });

  it.each([
    ["", "not an image reference"],
    ["Lectern/Lab", "Write it in lower case: lectern/lab"],
    ["lab:", "not a tag"],
    ["lab:-x", "not a tag"],
    ["lab@sha256:12", "not a digest"],
    [`lab@${DIGEST.toUpperCase()}`, "not a digest"],
    [`lab@${DIGEST}@${DIGEST}`, "two digests"],
    ["a//b", "not an image reference"],
    ["../etc/passwd", "not an image reference"],
    ["lab?x=1", "not an image reference"],
    ["https://ghcr.io/org/image", "not an image reference"],
  ])("%j is refused", (text, message) => {
    expect(() => parseReference(text)).toThrow(LecternError);
    expect(() => parseReference(text)).toThrow(message);
  });

  it("names the file and the field of what is wrong", () => {
    expect(() => parseReference("Lab", { file: "kernel.yaml", path: "image" })).toThrow(
      /^kernel.yaml image: /,
    );
  });

  it("is the same after it was written and read again", () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const path = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
    const host = fc.constantFrom("", "ghcr.io/", "localhost/", "127.0.0.1:5000/");
    const tag = fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/), { nil: undefined });
    fc.assert(
      fc.property(host, path, tag, fc.boolean(), (prefix, name, tagName, withDigest) => {
        const text = `${prefix}${name}${tagName ? `:${tagName}` : ""}${withDigest ? `@${DIGEST}` : ""}`;
        const reference = parseReference(text);
        expect(parseReference(formatReference(reference))).toEqual(reference);
        expect(`${hostOf(reference.repository)}/${pathOf(reference.repository)}`).toBe(reference.repository);
      }),
    );
  });
});

describe("its parts", () => {
  it("a repository has neither tag nor digest", () => {
    expect(parseRepository("ubuntu")).toBe("docker.io/library/ubuntu");
    expect(() => parseRepository("ubuntu:24.04")).toThrow("Write docker.io/library/ubuntu");
  });

  it("a digest is that of the bytes", () => {
    expect(digestOf(new Uint8Array())).toBe(
      parseDigest("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    );
  });

  it("a tag has at most 128 characters", () => {
    expect(parseTagName("a".repeat(128))).toHaveLength(128);
    expect(() => parseTagName("a".repeat(129))).toThrow("not a tag");
  });
});
