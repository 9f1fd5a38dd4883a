import { describe, expect, it } from "vitest";
import type { KernelDeclaration } from "../../components/kernel/declaration/kernel-file.ts";
import { kernelspecBody } from "../../components/kernel/spec/kernelspec-contract.ts";
import type { StackConfig } from "../config.ts";
import { backendProblems } from "./backend-problems.ts";

const gateway = (more: object) =>
  ({ main: { provisioners: false, ...more } }) as unknown as StackConfig["gateways"];

function codes(kernel: Partial<KernelDeclaration>, proxy = "docker", more: object = {}): string[] {
  const body = kernelspecBody.parse({ backend: { kind: "process-proxy", proxy } });
  const declared = { name: "python", folder: "kernels/python", backend: "gateway", body, ...kernel };
  const config = { gateways: gateway(more), imageRepository: "example.org:5000/kernels" } as StackConfig;
  return backendProblems(declared as KernelDeclaration, config).map(({ code, path }) => `${path} ${code}`);
}

describe("backendProblems", () => {
  const build = {} as NonNullable<KernelDeclaration["build"]>;
  const provisioner = kernelspecBody.parse({
    backend: { kind: "provisioner", provisioner: "x" },
    argv: ["x"],
  });

  it.each([
    ["example.org:5000/python:1", "docker", ["image image-refused"]],
    ["example.org:5000/python:1", "swarm", ["image image-refused"]],
    ["example.org:5000/python:1", "kubernetes", []],
    ["example.org/python:1", "docker", []],
    ["python:1", "docker", []],
  ])("the image %s on the class %s", (image, proxy, expected) => {
    expect(codes({ image }, proxy)).toEqual(expected);
  });

  it("refuses the repository of an image that is built, where the launcher refuses it", () => {
    expect(codes({ build })).toEqual(["lectern:imageRepository image-refused"]);
    expect(codes({ build }, "kubernetes")).toEqual([]);
  });

  it("refuses a provisioner on a gateway that ignores it", () => {
    expect(codes({ body: provisioner })).toEqual(["provisioner provisioner-ignored"]);
    expect(codes({ body: provisioner }, "docker", { provisioners: true })).toEqual([]);
  });

  it("finds nothing where the gateway runs every kernel as its own process, or the kernel is not on one", () => {
    expect(codes({ image: "example.org:5000/x:1", body: provisioner }, "docker", { proxy: "local" })).toEqual(
      [],
    );
    expect(codes({ build, backend: "qbraid" })).toEqual([]);
  });
});
