import { describe, expect, it } from "vitest";
import { isWithin, pathText, pointerTo, valueAt } from "./field-path.ts";

const POD = {
  spec: {
    containers: [{ name: "proxy" }, { name: "hub", env: [{ name: "A", value: "1" }], args: ["x", "y/z"] }],
  },
  data: { "a/b~c": "1" },
};
const ENV = ["spec", "containers", { keys: { name: "hub" } }, "env", { keys: { name: "A" } }, "value"];

describe("the path of a field", () => {
  it("reads as people would write it", () => {
    expect(pathText(ENV)).toBe("spec.containers[hub].env[A].value");
    expect(pathText(["data", "hub.py"])).toBe('data["hub.py"]');
    expect(pathText(["spec", "ports", { keys: { port: 80, protocol: "TCP" } }])).toBe("spec.ports[80/TCP]");
    expect(pathText(["metadata", "finalizers", { value: "x" }])).toBe("metadata.finalizers[x]");
  });

  it("leads to items by their keys and to others by their places", () => {
    expect(valueAt(POD, ENV)).toBe("1");
    expect(valueAt(POD, ["spec", "containers", { keys: { name: "gone" } }])).toBeUndefined();
    expect(valueAt(POD, ["constructor"])).toBeUndefined();
  });

  it("is a JSON Pointer into the object as it is", () => {
    expect(pointerTo(POD, ENV)).toBe("/spec/containers/1/env/0/value");
    expect(pointerTo(POD, ["spec", "containers", 1, "args", { value: "y/z" }])).toBe(
      "/spec/containers/1/args/1",
    );
    expect(pointerTo(POD, ["data", "a/b~c"])).toBe("/data/a~1b~0c");
    expect(pointerTo(POD, ["data", "gone"])).toBeUndefined();
  });

  it("is within another one only at a whole step", () => {
    expect(isWithin("data.x", "data")).toBe(true);
    expect(isWithin("spec.containers[hub].env", "spec.containers[hub]")).toBe(true);
    expect(isWithin("database", "data")).toBe(false);
    expect(isWithin("data.x", "")).toBe(true);
  });
});
