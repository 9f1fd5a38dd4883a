import { expect, test } from "vitest";
import { bytesOf } from "./memory.ts";

test.each([
  ["0", 0],
  ["512", 512],
  ["1k", 1_000],
  ["512M", 512_000_000],
  ["2G", 2_000_000_000],
  ["1T", 1_000_000_000_000],
  ["1Ki", 1_024],
  ["512Mi", 536_870_912],
  ["1.5Gi", 1_610_612_736],
])("%s is %d bytes", (quantity, bytes) => expect(bytesOf(quantity)).toBe(bytes));

test.each(["512m", "1g", "1K", "1b", "1GB", "-1G", "1e3", " 1G", "", "lots"])(
  "%j is no amount, because Kubernetes and Docker read it differently or not at all",
  (quantity) => expect(bytesOf(quantity)).toBeUndefined(),
);
