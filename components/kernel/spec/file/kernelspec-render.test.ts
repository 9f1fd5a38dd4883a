import { describe, expect, it } from "vitest";
import type { KernelspecBody } from "../kernelspec-contract.ts";
import { launcherOf, renderKernelspec } from "./kernelspec-render.ts";

const IMAGE = `example.org/kernels/quantum@sha256:${"0".repeat(64)}`;

function body(changes: Partial<KernelspecBody> = {}): KernelspecBody {
  return {
    backend: { kind: "process-proxy", proxy: "docker" },
    env: {},
    resources: {},
    authorizedUsers: [],
    config: {},
    ...changes,
  };
}

function render(changes: Partial<KernelspecBody> = {}) {
  const kernel = { displayName: "Quantum", language: "python", image: IMAGE, body: body(changes) };
  return JSON.parse(renderKernelspec(kernel, "kernel/quantum/1"));
}

describe("renderKernelspec", () => {
  it.each([
    ["docker", "docker_swarm.DockerProcessProxy"],
    ["swarm", "docker_swarm.DockerSwarmProcessProxy"],
    ["kubernetes", "k8s.KubernetesProcessProxy"],
    ["distributed", "distributed.DistributedProcessProxy"],
    ["local", "processproxy.LocalProcessProxy"],
  ] as const)("names the class of the %s proxy and the image", (proxy, name) => {
    expect(render({ backend: { kind: "process-proxy", proxy } }).metadata.process_proxy).toEqual({
      class_name: `enterprise_gateway.services.processproxies.${name}`,
      config: { image_name: IMAGE },
    });
  });

  it("starts Docker kernels with the script in the spec's own folder", () => {
    expect(render().argv).toEqual([
      "python",
      "{resource_dir}/scripts/launch_docker.py",
      "--RemoteProcessProxy.kernel-id",
      "{kernel_id}",
      "--RemoteProcessProxy.port-range",
      "{port_range}",
      "--RemoteProcessProxy.response-address",
      "{response_address}",
      "--RemoteProcessProxy.public-key",
      "{public_key}",
    ]);
    expect(launcherOf(body())).toEqual({ script: "launch_docker.py", origin: "python_docker/scripts" });
  });

  it("renders for kernel provisioners", () => {
    const spec = render({ backend: { kind: "provisioner", provisioner: "kubernetes-provisioner" } });
    expect(spec.metadata).toEqual({
      kernel_provisioner: { provisioner_name: "kubernetes-provisioner", config: { image_name: IMAGE } },
      debugger: true,
      lectern: { registration: "kernel/quantum/1" },
    });
    expect(spec.argv.slice(0, 4)).toEqual([
      "python",
      "{resource_dir}/scripts/launch_kubernetes.py",
      "--kernel-id",
      "{kernel_id}",
    ]);
  });

  it("writes resources as the variables that launchers read, and the kernel's own win", () => {
    const spec = render({
      resources: { cpus: 2, memory: "4Gi", gpusLimit: 1 },
      env: { KERNEL_CPUS: "3", A: "b" },
    });
    expect(spec.env).toEqual({ A: "b", KERNEL_CPUS: "3", KERNEL_GPUS_LIMIT: "1", KERNEL_MEMORY: "4Gi" });
  });

  it("has a GPU on Kubernetes as the limit too, without which a pod is refused", () => {
    const kubernetes = { kind: "process-proxy", proxy: "kubernetes" } as const;
    expect(render({ backend: kubernetes, resources: { gpus: 2 } }).env).toEqual({
      KERNEL_GPUS: "2",
      KERNEL_GPUS_LIMIT: "2",
    });
  });

  it("offers the debugger for Python, as the gateway's own specs do, unless the kernel turns it off", () => {
    expect(render().metadata.debugger).toBe(true);
    expect(render({ metadata: { debugger: false, color: "blue" } }).metadata).toMatchObject({
      debugger: false,
      color: "blue",
    });
    const r = { displayName: "R", language: "R", image: IMAGE, body: body() };
    expect(JSON.parse(renderKernelspec(r, "r")).metadata).not.toHaveProperty("debugger");
  });

  it("lets no further metadata stand in for the backend or the owner", () => {
    const spec = render({ metadata: { process_proxy: {}, lectern: { owner: "mallory" } } });
    expect(spec.metadata.process_proxy.config.image_name).toBe(IMAGE);
    expect(spec.metadata.lectern).toEqual({ registration: "kernel/quantum/1" });
  });

  it("joins the authorised users with commas", () => {
    expect(render({ authorizedUsers: ["ann", "bob"] }).metadata.process_proxy.config.authorized_users).toBe(
      "ann,bob",
    );
  });

  it("lets no further configuration stand in for the image or the authorised users", () => {
    const config = { image_name: "example.org/other:latest", authorized_users: "mallory", extra: 1 };
    const given = { config, authorizedUsers: ["ann"] };
    const wanted = { image_name: IMAGE, authorized_users: "ann", extra: 1 };
    expect(render(given).metadata.process_proxy.config).toEqual(wanted);
    const provisioner = { kind: "provisioner", provisioner: "kubernetes-provisioner" } as const;
    expect(render({ ...given, backend: provisioner }).metadata.kernel_provisioner.config).toEqual(wanted);
  });

  it.each([
    ["python", "python"],
    ["R", "R"],
  ])("starts a local kernel of %s by its own command", (language, command) => {
    const local = body({ backend: { kind: "process-proxy", proxy: "local" } });
    const kernel = { displayName: "L", language, image: IMAGE, body: local };
    const { argv } = JSON.parse(renderKernelspec(kernel, "r"));
    expect(argv[0]).toBe(command);
    expect(argv.at(-1)).toBe("{connection_file}");
  });

  it("needs no script where the kernel brings its own command", () => {
    const own = body({ argv: ["ir", "{connection_file}"] });
    expect(launcherOf(own)).toBeUndefined();
    expect(render({ argv: ["ir", "{connection_file}"] }).argv).toEqual(["ir", "{connection_file}"]);
  });

  it("gives the same bytes whatever the order of the environment", () => {
    const kernel = { displayName: "Q", language: "python", image: IMAGE };
    const one = renderKernelspec({ ...kernel, body: body({ env: { A: "1", B: "2" } }) }, "r");
    const other = renderKernelspec({ ...kernel, body: body({ env: { B: "2", A: "1" } }) }, "r");
    expect(one).toBe(other);
  });
});
