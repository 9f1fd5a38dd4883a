import { describe, expect, it } from "vitest";
import { manifestsIn } from "./manifests.ts";

const service = (more: string) => `apiVersion: v1\nkind: Service\nmetadata: {name: hub}\n${more}`;

describe("the objects of a rendered manifest", () => {
  it("are read from documents with comments, empty ones and Lists", () => {
    const list = `kind: List\napiVersion: v1\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n`;
    const text = `---\n# Source: hub/templates/service.yaml\n${service("")}---\n\n---\n# empty\n---\n${list}`;
    expect(manifestsIn(text).map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
      ["Service", "hub"],
      ["Secret", "a"],
    ]);
  });

  it("are in Helm's YAML: a mode is octal, and a time or a date is text", () => {
    expect(
      manifestsIn(service("spec: {mode: 0644, on: yes, at: 12:30, day: 2026-01-01}"))[0]?.["spec"],
    ).toEqual({
      mode: 0o644,
      true: true,
      at: "12:30",
      day: "2026-01-01",
    });
  });

  it("leave out what has no kind or name", () => {
    expect(manifestsIn("a: 1\n---\nkind: Service\napiVersion: v1\n---\njust text")).toEqual([]);
    expect(manifestsIn("")).toEqual([]);
  });

  it("that can't be parsed fail without a line of them", () => {
    expect(() => manifestsIn("data: {password: canary")).toThrow(
      /^the rendered manifest is not YAML \([A-Z_]+\)$/,
    );
  });
});
