import { createHash } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { zipOf } from "../../../../cli/ci/testing/zip.ts";
import { systemClock } from "../../../../components/resource/context/clock.ts";
import { pythonIndex } from "./python-index.ts";
import { WheelCache } from "./wheel-cache.ts";

const BYTES = zipOf([{ name: "form/form.js", content: "show()" }]);
const WHEEL = {
  project: "some-form",
  version: "1.0.0",
  file: "some_form-1.0.0-py3-none-any.whl",
  sha256: createHash("sha256").update(BYTES).digest("hex"),
};

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** An index of Python packages as PEP 691 has it, with one project. */
async function index(bytes: Buffer, status = 200): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer(({ url, headers }, response) => {
    asked.push(`${url} ${headers.accept}`);
    response.statusCode = status;
    if (url !== "/simple/some-form/") return void response.end(bytes);
    const files = [{ filename: WHEEL.file, url: `../../files/${WHEEL.file}` }];
    response.setHeader("content-type", "application/vnd.pypi.simple.v1+json").end(JSON.stringify({ files }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`, asked };
}

const folder = () => mkdtemp(join(tmpdir(), "wheels-"));
/** On a machine without Python, as there is none at this path. */
const withoutPip = (url: string) =>
  pythonIndex({ fetch, clock: systemClock }, { PIP_INDEX_URL: url }, ["/nowhere/python3"]);

describe("a wheel", () => {
  it("is downloaded once from the index of PIP_INDEX_URL where there is no pip, then kept", async () => {
    const { url, asked } = await index(BYTES);
    const kept = await folder();
    const read = () => new WheelCache(kept, withoutPip(url)).files(WHEEL, ["form/form.js"]);
    expect((await read()).get("form/form.js")).toBe("show()");
    expect((await read()).get("form/form.js")).toBe("show()");
    expect(asked).toEqual([
      "/simple/some-form/ application/vnd.pypi.simple.v1+json",
      `/files/${WHEEL.file} */*`,
    ]);
    expect(await readdir(kept)).toEqual([WHEEL.file]);
  });

  it("that was changed in the cache is downloaded again", async () => {
    const { url } = await index(BYTES);
    const kept = await folder();
    await writeFile(join(kept, WHEEL.file), "something else");
    const files = await new WheelCache(kept, withoutPip(url)).files(WHEEL, ["form/form.js"]);
    expect(files.get("form/form.js")).toBe("show()");
    expect(await readFile(join(kept, WHEEL.file))).toEqual(BYTES);
  });

  it.each([
    [
      "has other bytes than those that were pinned",
      zipOf([{ name: "form/form.js", content: "steal()" }]),
      200,
      /has the SHA-256 [0-9a-f]{64}, not/,
    ],
    ["is refused by the index", BYTES, 403, /^127\.0\.0\.1 answers 403 for some_form/],
  ])("that %s is neither used nor kept", async (_what, bytes, status, message) => {
    const { url } = await index(bytes, status);
    const kept = await folder();
    const read = new WheelCache(kept, withoutPip(url)).files(WHEEL, ["form/form.js"]);
    await expect(read).rejects.toMatchObject({
      name: "IndexRefused",
      message: expect.stringMatching(message),
    });
    expect(await readdir(kept)).toEqual([]);
  });
});

describe("pip", () => {
  /** A Python whose pip says or does this. */
  const python = async (script: string) => {
    const path = join(await folder(), "python3");
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  };

  it("that refuses is not gone around", async () => {
    const path = await python('echo "ERROR: No matching distribution" >&2; exit 1');
    const from = pythonIndex({ fetch, clock: systemClock }, process.env, [path]);
    await expect(from.download(WHEEL)).rejects.toThrow(
      "pip can't download some-form 1.0.0: No matching distribution",
    );
  });

  it("that is missing in a Python is not needed", async () => {
    const path = await python('echo "$0: No module named pip" >&2; exit 1');
    const { url } = await index(BYTES);
    const from = pythonIndex({ fetch, clock: systemClock }, { ...process.env, PIP_INDEX_URL: url }, [path]);
    expect(await from.download(WHEEL)).toEqual(BYTES);
  });
});
