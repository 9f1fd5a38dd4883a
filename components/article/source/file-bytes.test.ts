import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withBytesOf } from "./file-bytes.ts";

describe("the bytes of a file", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lectern-bytes-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const read = (absolute: string, size: number) => withBytesOf({ absolute, size }, (bytes) => [...bytes]);

  it("are all of it, whatever was read before, also where it grows or shrinks after its size was taken", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat({ max: 300 }), (content, size) => {
        const path = join(folder, "some");
        writeFileSync(path, content);
        expect(read(path, size)).toEqual([...content]);
      }),
      { numRuns: 200 },
    );
  });

  it("are all of a file that is larger than the buffer, or becomes so", () => {
    const path = join(folder, "large");
    const content = Buffer.alloc(1024 * 1024, "abc");
    writeFileSync(path, content);
    expect(withBytesOf({ absolute: path, size: content.length }, content.equals.bind(content))).toBe(true);
    appendFileSync(path, "more");
    const longer = Buffer.concat([content, Buffer.from("more")]);
    expect(withBytesOf({ absolute: path, size: content.length }, longer.equals.bind(longer))).toBe(true);
  });
});
