/** A script that starts the kernel, which the gateway has on its hosts beside specs of its own. */
export interface Launcher {
  readonly script: string;
  /** Where a gateway's distribution keeps it, below the specs folder. */
  readonly origin: string;
}

export const DOCKER: Launcher = { script: "launch_docker.py", origin: "python_docker/scripts" };
const KUBERNETES: Launcher = { script: "launch_kubernetes.py", origin: "python_kubernetes/scripts" };
const DISTRIBUTED: Launcher = { script: "launch_ipykernel.py", origin: "python_distributed/scripts" };

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
