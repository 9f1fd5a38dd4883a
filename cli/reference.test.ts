import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { configSchema } from "../stacks/config.ts";
import { referenceFiles } from "./reference.ts";

describe("the reference", () => {
  it.each(Object.entries(referenceFiles()))(
    "%s is as the schemas are (npm run -s lectern -- reference)",
    (path, content) => {
      expect(readFileSync(path, "utf8")).toBe(content);
    },
  );

  it("describes every key of the configuration", () => {
    const page = referenceFiles()["docs/reference/configuration.md"] ?? "";
    for (const key of Object.keys(configSchema.shape)) expect(page).toContain(`## lectern:${key}\n`);
    expect(page).not.toContain("undefined");
  });
});
