import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textsOf } from "./notebook-texts.ts";

/** The texts of a notebook with one output. */
function textsOfOutput(data: Record<string, unknown>): string[] {
  const outputs = [{ output_type: "display_data", metadata: {}, data }];
  const cells = [{ cell_type: "code", metadata: {}, source: "", outputs }];
  return textsOf({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }).map(({ text }) => text);
}

describe("a picture in an output", () => {
  it("is passed over where it is base64 to its last character, and read as a text elsewhere", () => {
    const pieces = [..."AZaz09+/= \n\t\u00a0-_.", "QUJD", "QQ==", "= =", "\u2028", "sk-"];
    const written = fc
      .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 9 })
      .map((list) => list.join(""));
    fc.assert(
      fc.property(written, (text) => {
        const isBase64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text);
        expect(textsOfOutput({ "image/png": text })).toEqual(isBase64 ? [] : [text]);
      }),
      { numRuns: 5000 },
    );
  });

  it("is read where its text has other pieces than strings as JSON", () => {
    expect(textsOfOutput({ "image/png": ["QUJD", "QUJD"] })).toEqual([]);
    expect(textsOfOutput({ "image/png": ["QUJD", 1] })).toEqual(['["QUJD",1]']);
  });
});
