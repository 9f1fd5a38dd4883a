import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const REPOSITORY = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(REPOSITORY, path), "utf8");

it("README shows the comment that the real engine's previews make", () => {
  const [beginning = ""] = read("test/engine/comment/comment.golden.md").split("\n\n<details>");
  expect(read("README.md")).toContain(`\`\`\`markdown\n${beginning}\n\`\`\``);
});
