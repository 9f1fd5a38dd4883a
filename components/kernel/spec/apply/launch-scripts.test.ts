import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Properties } from "../../../resource/provide.ts";
import { testContext } from "../../../resource/testing/test-context.ts";
import { kernelspecBody, kernelspecContract } from "../kernelspec-contract.ts";
import { kernelspecProvider } from "../kernelspec-provider.ts";

let folder: string;
const specs = (...names: string[]) => join(folder, "kernels", ...names);
const context = testContext();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-scripts-"));
  gatewayHas("python_docker/scripts/launch_docker.py", "docker 1");
  gatewayHas("python_kubernetes/scripts/launch_kubernetes.py", "kubernetes 1");
  gatewayHas("python_kubernetes/scripts/kernel-pod.yaml.j2", "pod 1");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function gatewayHas(path: string, text: string): void {
  mkdirSync(dirname(specs(path)), { recursive: true });
  writeFileSync(specs(path), text);
}

function inputs(body: object, image = "a"): Properties {
  return {
    name: "quantum",
    displayName: "Quantum",
    language: "python",
    image: `example.org/quantum@sha256:${image.repeat(64)}`,
    body: kernelspecBody.parse({ backend: { kind: "process-proxy", proxy: "docker" }, ...body }),
    gateway: { name: "main", hosts: [{ kind: "local" }], specsFolder: specs() },
  };
}

const create = async (body: object) => (await kernelspecProvider.create(inputs(body), context)).outs;
const update = async (olds: Properties, body: object, image?: string) =>
  (await kernelspecProvider.update("", olds, inputs(body, image), context)).outs;
const script = (name: string) => readFileSync(specs("quantum/scripts", name), "utf8");
const argv = () => JSON.parse(readFileSync(specs("quantum/kernel.json"), "utf8")).argv as string[];

const LOCAL = { backend: { kind: "process-proxy", proxy: "local" } };
const KUBERNETES = { backend: { kind: "process-proxy", proxy: "kubernetes" } };

test("a kernel that changes its backend gets the scripts that its kernel.json names", async () => {
  const local = await create(LOCAL);
  const docker = await update(local, {});
  expect(argv()[1]).toBe("{resource_dir}/scripts/launch_docker.py");
  expect(script("launch_docker.py")).toBe("docker 1");
  await update(docker, KUBERNETES);
  expect(script("launch_kubernetes.py")).toBe("kubernetes 1");
  expect(script("kernel-pod.yaml.j2")).toBe("pod 1");
});

test("an update takes the scripts of a gateway that was upgraded, also where only the image changes", async () => {
  const before = await create(KUBERNETES);
  gatewayHas("python_kubernetes/scripts/launch_kubernetes.py", "kubernetes 2");
  await update(before, KUBERNETES, "b");
  expect(script("launch_kubernetes.py")).toBe("kubernetes 2");
  expect(script("kernel-pod.yaml.j2")).toBe("pod 1");
});

test("a refresh reports scripts that are not those of the gateway, and the next update fixes them", async () => {
  const made = await create({});
  const seen = async (outs: Properties) =>
    kernelspecContract.state.parse((await kernelspecProvider.read("", outs, context)).props).drift;
  expect(await seen(made)).toEqual([]);
  gatewayHas("python_docker/scripts/launch_docker.py", "docker 2");
  expect(await seen(made)).toEqual(["local: its scripts are not those of the gateway"]);
  const { props = {} } = await kernelspecProvider.read("", made, context);
  expect((await kernelspecProvider.diff("", props, inputs({}), context)).changes).toBe(true);
  expect(await seen(await update(props, {}))).toEqual([]);
  expect(script("launch_docker.py")).toBe("docker 2");
});

test("limits on a container come with the script that sets them, and go with them", async () => {
  const plain = await create({});
  const limited = await update(plain, { resources: { memoryLimit: "2G", cpusLimit: 1.5, gpus: 1 } });
  expect(argv().slice(0, 8)).toEqual([
    "python",
    "{resource_dir}/scripts/launch_with_limits.py",
    "--cpus-limit",
    "1.5",
    "--memory-limit",
    "2000000000",
    "--gpus",
    "1",
  ]);
  expect(script("launch_with_limits.py")).toContain("launch_docker.py");
  await update(limited, {});
  expect(argv()[1]).toBe("{resource_dir}/scripts/launch_docker.py");
});

test("a gateway without the launcher is reported with the folder, and kernel.json stays as it was", async () => {
  const local = await create(LOCAL);
  const before = readFileSync(specs("quantum/kernel.json"), "utf8");
  rmSync(specs("python_docker"), { recursive: true });
  await expect(update(local, {})).rejects.toThrow(
    /local: \S+\/python_docker\/scripts has no readable launch_docker\.py.*/,
  );
  expect(readFileSync(specs("quantum/kernel.json"), "utf8")).toBe(before);
});

test("files that Python has compiled beside the scripts are no part of them", async () => {
  gatewayHas("python_docker/scripts/__pycache__/launch_docker.cpython-311.pyc", "compiled");
  await create({});
  expect(() => script("__pycache__/launch_docker.cpython-311.pyc")).toThrow("ENOENT");
});
