import { backendName, type KernelspecBody, type KernelspecInputs, PROXIES } from "../kernelspec-contract.ts";
import { LAUNCHERS, type Launcher, LIMITS_SCRIPT, limitsOf, localCommand } from "./launcher.ts";
import { bytesOf } from "./memory.ts";

type Proxy = (typeof PROXIES)[number];

const PROXY_CLASSES: Record<Proxy, string> = {
  docker: "docker_swarm.DockerProcessProxy",
  swarm: "docker_swarm.DockerSwarmProcessProxy",
  kubernetes: "k8s.KubernetesProcessProxy",
  distributed: "distributed.DistributedProcessProxy",
  local: "processproxy.LocalProcessProxy",
};

/** A process proxy's class in Enterprise Gateway. */
export const classOfProxy = (proxy: Proxy): string =>
  `enterprise_gateway.services.processproxies.${PROXY_CLASSES[proxy]}`;

/** The process proxy of a class of Enterprise Gateway; undefined for one that is not of its own. */
export const proxyOfClass = (className: string): Proxy | undefined =>
  PROXIES.find((proxy) => className === classOfProxy(proxy));

/** The launch script that a kernel's folder needs, if its backend has one and no `argv` replaces it. */
export function launcherOf(body: KernelspecBody): Launcher | undefined {
  return body.argv ? undefined : LAUNCHERS[backendName(body.backend)];
}

/** Whether a kernel's folder needs the script that adds limits to what its launcher starts. */
export function needsLimitsScript(body: KernelspecBody): boolean {
  return limitsOf(launcherOf(body)) === "script" && Object.keys(body.resources).length > 0;
}

/** What a kernel.json is rendered from. */
export type Rendered = Pick<KernelspecInputs, "displayName" | "language" | "image" | "body" | "owner">;

/**
 * A kernel's kernel.json: the same bytes for the same arguments, always.
 *
 * Enterprise Gateway 3 reads `metadata.process_proxy` alone; a Jupyter Server with kernel
 * provisioners reads `metadata.kernel_provisioner`. `metadata.lectern` names the owner of the folder.
 * @param repository whose stack deploys it, where that is known: `github.com/physics/courses`
 */
export function renderKernelspec(kernel: Rendered, registration: string, repository?: string): string {
  const { body } = kernel;
  const spec = {
    argv: body.argv ?? defaultArgv(kernel),
    display_name: kernel.displayName,
    language: kernel.language,
    ...(body.interruptMode ? { interrupt_mode: body.interruptMode } : {}),
    env: sorted({ ...resourceEnv(body.resources), ...body.env }),
    metadata: {
      // As in the specs that come with the gateway: without it no debugger is offered.
      ...(kernel.language === "python" ? { debugger: true } : {}),
      ...sorted(body.metadata ?? {}),
      ...backendMetadata(kernel),
      lectern: {
        registration,
        ...(kernel.owner === undefined ? {} : { owner: kernel.owner }),
        ...(repository === undefined ? {} : { repository }),
      },
    },
  };
  return `${JSON.stringify(spec, null, 2)}\n`;
}

function backendMetadata({ body, image }: Rendered): Record<string, unknown> {
  const pinned = {
    ...(image === "" ? {} : { image_name: image }),
    ...(body.authorizedUsers.length > 0 ? { authorized_users: body.authorizedUsers.join(",") } : {}),
  };
  // First for the reader of the file, and last so that nothing overrides it.
  const config = { ...pinned, ...sorted(body.config), ...pinned };
  if (body.backend.kind === "provisioner") {
    return { kernel_provisioner: { provisioner_name: body.backend.provisioner, config } };
  }
  return { process_proxy: { class_name: classOfProxy(body.backend.proxy), config } };
}

function defaultArgv({ body, language }: Rendered): string[] {
  const launcher = launcherOf(body);
  if (!launcher) return localCommand(language) ?? [];
  const prefix = body.backend.kind === "provisioner" ? "--" : "--RemoteProcessProxy.";
  // The gateway fills the braces in when it starts a kernel; `resource_dir` is the spec's folder.
  const options = ["kernel-id", "port-range", "response-address", "public-key"].flatMap((name) => [
    `${prefix}${name}`,
    `{${name.replace("-", "_")}}`,
  ]);
  const spark = limitsOf(launcher) === "script" ? [] : [`${prefix}spark-context-initialization-mode`, "none"];
  const [script, limits] = needsLimitsScript(body)
    ? [LIMITS_SCRIPT, limitOptions(body.resources)]
    : [launcher.script, []];
  return ["python", `{resource_dir}/scripts/${script}`, ...limits, ...options, ...spark];
}

/** The limits as arguments: whoever starts a kernel may set its KERNEL_* variables, but no argument. */
function limitOptions({ memory, memoryLimit, ...counts }: KernelspecBody["resources"]): string[] {
  const options = {
    cpus: counts.cpus,
    "cpus-limit": counts.cpusLimit,
    memory: memory === undefined ? undefined : bytesOf(memory),
    "memory-limit": memoryLimit === undefined ? undefined : bytesOf(memoryLimit),
    gpus: counts.gpus ?? counts.gpusLimit,
  };
  return Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
}

function resourceEnv(resources: KernelspecBody["resources"]): Record<string, string> {
  const named = {
    KERNEL_CPUS: resources.cpus,
    KERNEL_CPUS_LIMIT: resources.cpusLimit,
    KERNEL_MEMORY: resources.memory,
    KERNEL_MEMORY_LIMIT: resources.memoryLimit,
    KERNEL_GPUS: resources.gpus,
    // Kubernetes takes GPUs as a limit only, or as a request with the same limit.
    KERNEL_GPUS_LIMIT: resources.gpusLimit ?? resources.gpus,
  };
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
