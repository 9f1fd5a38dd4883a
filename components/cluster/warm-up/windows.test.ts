import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyWindows, someWindow, someWindows } from "./testing/some-windows.ts";
import { readWindows, windowsText } from "./windows.ts";

const LECTURE = someWindows([someWindow("python", 30, 60, 70, 300)]);

describe("the windows in a ConfigMap", () => {
  it("are read as they were written, and the same windows are the same bytes", () => {
    fc.assert(
      fc.property(anyWindows, (windows) => {
        const { text, leftOut } = windowsText(windows);
        const read = readWindows(text, "windows.json");
        expect([leftOut, windowsText(read).text]).toEqual([0, text]);
        expect(read).toMatchObject({ until: windows.until, placeholders: windows.placeholders });
        expect(read.windows).toHaveLength(windows.windows.length);
        expect(read.windows).toEqual(expect.arrayContaining([...windows.windows]));
      }),
    );
  });

  it("fit into a ConfigMap: the latest are left out, and the file ends before them", () => {
    const many = Array.from({ length: 9_000 }, (_, index) =>
      someWindow("python", index * 60, index * 60 + 30, index * 60 + 40, 300),
    );
    const { text, until, leftOut } = windowsText(someWindows(many.toReversed()));
    expect(Buffer.byteLength(text)).toBeLessThan(1_048_576);
    expect(leftOut).toBeGreaterThan(0);
    const { windows, until: written } = readWindows(text, "windows.json");
    expect(windows).toEqual(many.slice(0, many.length - leftOut));
    expect([until, written]).toEqual([many[windows.length]?.from, many[windows.length]?.from]);
  });

  it("of a semester of 40 lectures a week have room many times over", () => {
    const semester = Array.from({ length: 600 }, (_, index) =>
      someWindow("python", index * 60, index * 60 + 30, index * 60 + 40, 300),
    );
    expect(Buffer.byteLength(windowsText(someWindows(semester)).text)).toBeLessThan(150_000);
  });

  it.each([
    ["no JSON", "{", "is not JSON"],
    ["a later version", JSON.stringify({ version: 2 }), "reads version 1"],
    ["an unknown placeholder", windowsText({ ...LECTURE, placeholders: {} }).text, 'placeholder "python"'],
    [
      "a window that ends before it begins",
      windowsText({ ...LECTURE, windows: [someWindow("python", 60, 30, 70, 1)] }).text,
      "in this order",
    ],
    [
      "a time in another zone",
      windowsText(LECTURE).text.replace(/"until":"[^"]*"/, '"until":"2026-10-05T02:00:00+02:00"'),
      "until",
    ],
  ])("are refused: %s", (_name, text, message) => {
    expect(() => readWindows(text, "windows.json")).toThrow(message);
  });

  it("may have fields that a later version adds", () => {
    const later = { ...JSON.parse(windowsText(LECTURE).text), made: "2026-10-05" };
    expect(readWindows(JSON.stringify(later), "windows.json").windows).toEqual(LECTURE.windows);
  });
});
