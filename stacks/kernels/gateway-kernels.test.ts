import { describe, expect, it } from "vitest";
import { formerRegistration } from "./gateway-kernels.ts";

const outputs = (registration: string) => ({ displayName: "Python", image: "", registration });

describe("formerRegistration", () => {
  it("is what the last outputs say of a kernel on a gateway", () => {
    expect(formerRegistration("python", outputs("kernel/python/1"))).toBe("kernel/python/1");
  });

  it("is none for a kernel that the stack has never deployed", () => {
    expect(formerRegistration("python", undefined)).toBeUndefined();
  });

  it("is none for a kernel that moves from qBook's service to a gateway", () => {
    expect(formerRegistration("python", outputs("qbraid-kernel/python"))).toBeUndefined();
  });
});
