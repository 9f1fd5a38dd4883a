import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imageOf, patchImage, readKernelspec } from "./kernelspec-patch.ts";
import { renderKernelspec } from "./kernelspec-render.ts";

const OLD = `example.org/a@sha256:${"a".repeat(64)}`;
const NEW = `example.org/b@sha256:${"b".repeat(64)}`;

const document = fc
  .record({
    before: fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }),
    config: fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }),
    backend: fc.constantFrom("process_proxy", "kernel_provisioner"),
    indent: fc.constantFrom("", "  ", "\t"),
    newline: fc.constantFrom("\n", "\r\n"),
    tail: fc.constantFrom("", "\n", " \n\n"),
  })
  .map(({ before, config, backend, indent, newline, tail }) => {
    const value = {
      ...before,
      metadata: { [backend]: { class_name: "x", config: { ...config, image_name: OLD } } },
    };
    return JSON.stringify(value, null, indent).replaceAll("\n", newline) + tail;
  });

describe("patchImage", () => {
  it("replaces the image and keeps every other byte", () => {
    fc.assert(
      fc.property(document, (text) => {
        const patched = patchImage(Buffer.from(text), NEW).toString();
        const at = text.lastIndexOf(JSON.stringify(OLD));
        expect(patched).toBe(`${text.slice(0, at)}${JSON.stringify(NEW)}${text.slice(at + OLD.length + 2)}`);
        expect(imageOf(JSON.parse(patched))).toBe(NEW);
      }),
    );
  });

  it("is undone by patching back", () => {
    fc.assert(
      fc.property(document, fc.string(), (text, image) => {
        const bytes = Buffer.from(text);
        expect(patchImage(patchImage(bytes, image), OLD).equals(bytes)).toBe(true);
      }),
    );
  });

  it("keeps a text that looks like the image elsewhere", () => {
    const text = JSON.stringify({
      display_name: OLD,
      env: { image_name: OLD },
      metadata: { process_proxy: { config: { image_name: OLD } } },
    });
    const patched = JSON.parse(patchImage(Buffer.from(text), NEW).toString());
    expect(patched).toMatchObject({ display_name: OLD, env: { image_name: OLD } });
  });

  it.each([
    ["half a file", '{"metadata": {"process_proxy": {"config"', "not JSON"],
    ["no image", '{"metadata": {}}', "names no image"],
    ["a comment", '{"metadata": {} /* x */}', "not JSON"],
    [
      "a key twice",
      '{"metadata": {"process_proxy": {"config": {"image_name": "a", "image_name": "b"}}}}',
      "twice",
    ],
  ])("refuses %s", (_, text, reason) => {
    expect(() => patchImage(Buffer.from(text), NEW)).toThrow(reason);
  });

  it("refuses bytes that are no text", () => {
    expect(() => patchImage(Buffer.from([0x7b, 0xff, 0x7d]), NEW)).toThrow("not UTF-8");
  });
});

describe("readKernelspec", () => {
  it("reads what was rendered", () => {
    const bytes = Buffer.from(
      renderKernelspec(
        {
          displayName: "Quantum Ünit",
          language: "python",
          image: OLD,
          owner: "lectern/prod",
          body: {
            backend: { kind: "process-proxy", proxy: "docker" },
            env: {},
            resources: {},
            authorizedUsers: [],
            config: {},
          },
        },
        "kernel/a/1",
      ),
    );
    expect(readKernelspec(bytes)).toMatchObject({
      image: OLD,
      displayName: "Quantum Ünit",
      registration: "kernel/a/1",
      owner: "lectern/prod",
    });
  });

  it("reads nothing from half a file", () => {
    expect(readKernelspec(Buffer.from('{"metadata"'))).toBeUndefined();
    expect(readKernelspec(Buffer.from("[]"))).toBeUndefined();
  });
});
