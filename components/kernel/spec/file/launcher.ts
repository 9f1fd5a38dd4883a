/** A script that starts the kernel, which the gateway has on its hosts beside specs of its own. */
export interface Launcher {
  readonly script: string;
  /** Where a gateway's distribution keeps it, below the specs folder. */
  readonly origin: string;
}

const DOCKER: Launcher = { script: "launch_docker.py", origin: "python_docker/scripts" };
const KUBERNETES: Launcher = { script: "launch_kubernetes.py", origin: "python_kubernetes/scripts" };
const DISTRIBUTED: Launcher = { script: "launch_ipykernel.py", origin: "python_distributed/scripts" };

/** Whether kernels of a process proxy or provisioner are processes of a host, for which no image is used. */
export const isProcess = (backend: string | undefined) =>
  backend !== undefined && /^(?:local|distributed)(?:-provisioner)?$/.test(backend);

/**
 * Whether a launcher starts kernels of a language: the ones for containers leave that to the image, and the one for
 * hosts is in Python.
 */
export const startsLanguage = (launcher: Launcher, language: string) =>
  launcher !== DISTRIBUTED || /^python/i.test(language);

/** Whether a launcher takes an image of that name: the one for Docker takes no registry with a port. */
export const takesImage = (launcher: Launcher | undefined, image: string) =>
  launcher !== DOCKER || !/^[^/]*:\d+\//.test(image);

/** By the name of a process proxy or provisioner. */
export const LAUNCHERS: Readonly<Record<string, Launcher>> = {
  docker: DOCKER,
  swarm: DOCKER,
  kubernetes: KUBERNETES,
  distributed: DISTRIBUTED,
  "docker-provisioner": DOCKER,
  "docker-swarm-provisioner": DOCKER,
  "kubernetes-provisioner": KUBERNETES,
  "distributed-provisioner": DISTRIBUTED,
};

/**
 * Whether a launcher sets the limits that kernel.yaml names on what it starts. The one for Kubernetes does, in the
 * pod's template; to the one for Docker this project's own script adds them.
 */
export function limitsOf(launcher: Launcher | undefined): "launcher" | "script" | "none" {
  if (launcher === KUBERNETES) return "launcher";
  return launcher === DOCKER ? "script" : "none";
}

/** The script of this project that adds limits to what the launcher for Docker starts. */
export const LIMITS_SCRIPT = "launch_with_limits.py";

/** How kernels that need no launcher are started, as ipykernel and IRkernel install themselves. */
const COMMANDS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^python/i, ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]],
  [/^r$/i, ["R", "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"]],
];

/** The `argv` of a kernel that is a process of the gateway's own machine, where its language has one. */
export function localCommand(language: string): string[] | undefined {
  const found = COMMANDS.find(([pattern]) => pattern.test(language));
  return found && [...found[1]];
}
