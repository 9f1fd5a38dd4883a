import { LAUNCHERS, limitsOf } from "../spec/file/launcher.ts";
import { bytesOf } from "../spec/file/memory.ts";
import { type Broken, broken, childOf } from "./broken-rule.ts";

type File = Readonly<Record<string, unknown>>;

/** The process proxy that a file names; undefined where it names a provisioner. */
export function processProxyOf(file: File): string | undefined {
  if (file["provisioner"]) return undefined;
  const named = childOf(file["process_proxy"], "class");
  return typeof named === "string" ? named : "docker";
}

/** Resources that would have no effect, or that contradict each other. */
export function resourceProblems(file: File): Broken[] {
  const { resources } = file;
  if (typeof resources !== "object" || resources === null || Object.keys(resources).length === 0) return [];
  const orders = [
    ...contradiction(resources, "cpu", (value) => (typeof value === "number" ? value : undefined)),
    ...contradiction(resources, "memory", (value) =>
      typeof value === "string" ? bytesOf(value) : undefined,
    ),
  ];
  if (file["backend"] === "qbraid") return orders;
  return [...orders, ...withoutEffect(file), ...gpusOfSwarm(file, resources)];
}

function contradiction(
  resources: object,
  name: "cpu" | "memory",
  amount: (value: unknown) => number | undefined,
): Broken[] {
  const [given, limit] = [childOf(resources, name), childOf(resources, `${name}_limit`)];
  if ((amount(given) ?? 0) <= (amount(limit) ?? Number.POSITIVE_INFINITY)) return [];
  const message = `${name}_limit is ${limit}, which is less than ${name}, ${given}`;
  return [broken(["resources", `${name}_limit`], "limit-too-low", message, `Raise it to at least ${given}`)];
}

/** A limit that nothing enforces would be taken for one. */
function withoutEffect(file: File): Broken[] {
  const proxy = processProxyOf(file);
  const backend = proxy ?? childOf(file["provisioner"], "name");
  const launcher = typeof backend === "string" ? LAUNCHERS[backend] : undefined;
  const refuse = (message: string, remedy: string) => [
    broken(["resources"], "resources-ignored", message, remedy),
  ];
  const { argv } = file;
  if (Array.isArray(argv)) {
    if (argv.some((word) => String(word).endsWith("launch_kubernetes.py"))) return [];
    const message = "nothing applies resources where argv replaces the gateway's launcher";
    return refuse(message, "Remove resources, and have the command of argv set the limits");
  }
  // An unknown class or name is reported by itself.
  if (limitsOf(launcher) !== "none" || (proxy !== undefined && launcher === undefined && proxy !== "local"))
    return [];
  const what = proxy === undefined ? `the provisioner ${String(backend)}` : `the class ${proxy}`;
  const message = `${what} starts kernels as plain processes, to which nothing applies resources`;
  return refuse(message, "Remove resources, or use the class docker, swarm or kubernetes");
}

function gpusOfSwarm(file: File, resources: object): Broken[] {
  if (processProxyOf(file) !== "swarm" || childOf(resources, "gpu") === undefined) return [];
  const message = "a service of Docker Swarm can't be given GPUs by their number";
  return [
    broken(
      ["resources", "gpu"],
      "resources-ignored",
      message,
      "Remove it, or use the class docker or kubernetes",
    ),
  ];
}
