import { expect, test } from "vitest";
import { shownBytes } from "./shown-bytes.ts";

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1_000, "1 kB"],
  [1_250_000, "1.3 MB"],
  [3_200_000_000, "3.2 GB"],
  [5_000_000_000_000, "5,000 GB"],
])("%d bytes are shown as %s", (bytes, shown) => {
  expect(shownBytes(bytes)).toBe(shown);
});
