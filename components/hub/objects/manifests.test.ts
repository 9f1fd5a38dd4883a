import { describe, expect, it } from "vitest";
import { manifestsIn } from "./manifests.ts";

const service = (more: string) => `apiVersion: v1\nkind: Service\nmetadata: {name: hub}\n${more}`;

describe("the objects of a rendered chart", () => {
  it("are read from documents with comments, empty ones and Lists", () => {
    const list =
      "kind: List\napiVersion: v1\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n";
    const text = `---\n# Source: hub/templates/service.yaml\n${service("")}---\n\n---\n# empty\n---\n${list}`;
    expect(manifestsIn(text).map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
      ["Service", "hub"],
      ["Secret", "a"],
    ]);
    expect(manifestsIn("")).toEqual([]);
  });

  it("that can't be parsed fail without a line of them", () => {
    expect(() => manifestsIn("data: {password: canary")).toThrow(
      /^(?!.*canary).*the chart as it is rendered/,
    );
  });
});
