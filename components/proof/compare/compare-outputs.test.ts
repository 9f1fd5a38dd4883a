import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareOutputs } from "./compare-outputs.ts";
import { plot } from "./testing/plot.ts";

const ALL = { errors: true, text: { relative: 1e-6, absolute: 1e-9 }, images: { distance: 0.1 } };

const stream = (text: string | string[], name = "stdout") => ({ output_type: "stream", name, text });
const result = (data: Record<string, unknown>) => ({
  output_type: "execute_result",
  execution_count: 1,
  metadata: {},
  data,
});
const failure = (ename: string) => ({ output_type: "error", ename, evalue: "", traceback: [] });
const image = (png: Buffer) => result({ "image/png": png.toString("base64"), "text/plain": "<Figure>" });

const output = fc.oneof(
  fc.string().map((text) => stream(text)),
  fc.array(fc.string()).map((text) => stream(text, "stderr")),
  fc.string().map((text) => result({ "text/plain": text })),
  fc.string().map(failure),
  fc.base64String().map((text) => result({ "image/png": text })),
  fc.jsonValue(),
);

describe("outputs", () => {
  it("never differ from themselves, whatever they are", () => {
    fc.assert(
      fc.property(fc.array(output), (outputs) => {
        expect(compareOutputs(outputs, structuredClone(outputs), ALL)).toEqual([]);
      }),
    );
  });

  it("differ in nothing where nothing is compared", () => {
    fc.assert(
      fc.property(fc.array(output), fc.array(output), (one, other) => {
        expect(compareOutputs(one, other, {})).toEqual([]);
      }),
    );
  });

  it("of a cell that the notebook has none of are not compared", () => {
    expect(compareOutputs([], [stream("1"), failure("ValueError")], ALL)).toEqual([]);
  });

  it("are compared however they are split into pieces", () => {
    const whole = [stream("1\n2\n"), result({ "text/plain": "3" })];
    const pieces = [stream(["1\n"]), stream(["2", "\n"]), result({ "text/plain": ["3"] })];
    expect(compareOutputs(whole, pieces, ALL)).toEqual([]);
  });

  it("differ in what is printed and in results, not in warnings, figures' names and widgets", () => {
    const widget = (id: string) =>
      result({ "application/vnd.jupyter.widget-view+json": { model_id: id }, "text/plain": `HBox(${id})` });
    const before = [stream("energy 1.0\n"), stream("warning", "stderr"), widget("a"), image(plot((x) => x))];
    const now = [stream("energy 2.0\n"), stream("another", "stderr"), widget("b"), image(plot((x) => x))];
    expect(compareOutputs(before, now, ALL)).toEqual([
      { kind: "text", message: 'it prints "energy 2.0", and the notebook has "energy 1.0"' },
    ]);
  });

  it("differ in the names of exceptions", () => {
    const [before, now] = [[failure("ValueError")], [failure("TypeError")]];
    expect(compareOutputs(before, now, ALL)).toEqual([
      { kind: "errors", message: "it raises TypeError, and the notebook has ValueError" },
    ]);
    expect(compareOutputs(before, [stream("fine")], { errors: true })).toEqual([
      { kind: "errors", message: "it raises no exception, and the notebook has ValueError" },
    ]);
    expect(compareOutputs(before, now, { text: ALL.text })).toEqual([]);
  });

  it("differ in images by more than is allowed, and in their number", () => {
    const [rising, falling] = [plot((x) => x), plot((x) => 1 - x)];
    const larger = plot((x) => x, { width: 640, height: 480 });
    expect(compareOutputs([image(rising)], [image(larger)], ALL)).toEqual([]);
    expect(compareOutputs([image(rising)], [image(falling)], ALL)).toEqual([
      {
        kind: "images",
        message: expect.stringMatching(/^image 1 differs by [\d.]+ %, and 10 % is allowed$/),
      },
    ]);
    expect(compareOutputs([image(rising)], [image(falling)], { images: { distance: 1 } })).toEqual([]);
    expect(compareOutputs([image(rising)], [image(rising), image(falling)], ALL)).toEqual([
      { kind: "images", message: "it shows 2 images, and the notebook has 1 image" },
    ]);
    const broken = result({ "image/png": "bm90IGFuIGltYWdl" });
    expect(compareOutputs([image(rising)], [broken], ALL)).toEqual([
      { kind: "images", message: "image 1 of the run can't be read as PNG, and differs" },
    ]);
  });
});
