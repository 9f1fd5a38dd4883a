import { expect, it } from "vitest";
import { digestOf } from "../../digest.ts";
import { proofKey } from "../proof-key.ts";
import { someResult } from "../testing/some-result.ts";
import { type ProofResult, presentable, proofResult } from "./proof-result.ts";

const failed = (parts: Partial<ProofResult>) =>
  presentable({ ...someResult("1"), outcome: "failed", ...parts });

it("holds no credential, wherever a notebook printed it", async () => {
  const secret = `ghp_${"aZ3kQ9xB7mR1pL5wN8vC2tJ6yD4hF0gSaZ3k"}`;
  const line = `requests.get(url, headers={"x": "${secret}"})`;
  const cell = { index: 3, id: "abc" };
  const result = await failed({
    reason: line,
    cell: { ...cell, source: line },
    traceback: `\u001b[31mTraceback\u001b[0m\n  ${line}\nValueError: bad`,
    differences: [{ cell, kind: "text", message: `it prints ${line}` }],
  });
  expect(JSON.stringify(result)).not.toContain(secret.slice(4, 20));
  expect(result.traceback).toContain("ValueError: bad");
  expect(result.traceback).not.toContain("\u001b");
});

it("keeps the end of a long traceback, the beginning of a long cell, and the first differences", async () => {
  const cell = { index: 0 };
  const result = await failed({
    cell: { ...cell, source: `first\n${"x = 1\n".repeat(50_000)}` },
    traceback: `${"  File\n".repeat(50_000)}ValueError: the last line`,
    differences: Array.from({ length: 500 }, (_, index) => ({ cell, kind: "text", message: `${index}` })),
  });
  expect(result.cell?.source).toMatch(/^first\n/);
  expect(result.traceback).toMatch(/^….*ValueError: the last line$/s);
  expect(result.differences?.map(({ message }) => message)).toEqual(
    Array.from({ length: 20 }, (_, index) => `${index}`),
  );
  expect(JSON.stringify(result).length).toBeLessThan(12_000);
  expect(proofResult.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
});

it("leaves a result alone that has nothing of this", async () => {
  const key = proofKey({ notebook: digestOf("n"), image: digestOf("i"), settings: {} });
  const result = { ...someResult("1"), key };
  expect(await presentable(result)).toEqual(result);
});
