import { isProcess } from "../spec/file/launcher.ts";
import { type Broken, broken } from "./broken-rule.ts";
import { processProxyOf } from "./resource-rules.ts";

/**
 * Variables that the gateway takes before kernel.json's own image and users, or fills in itself for
 * each kernel: a constant would go around every check, or make all kernels one.
 */
const OVERRIDING_VARIABLES: Readonly<Record<string, string>> = {
  KERNEL_IMAGE: "Set image, or build where Lectern builds it",
  KERNEL_EXECUTOR_IMAGE: "Remove it: executors start on the kernel's own image",
  KERNEL_USERNAME: "Remove it: it is the student's name, which the gateway receives at each start",
  KERNEL_UID: "Remove it: the gateway runs kernels as an unprivileged user",
  KERNEL_GID: "Remove it: the gateway runs kernels in an unprivileged group",
  KERNEL_ID: "Remove it: the gateway gives each kernel its own",
  KERNEL_POD_NAME: "Remove it: the gateway gives each pod its own name",
  PORT_RANGE: "Remove it: the gateway passes it to each kernel",
  RESPONSE_ADDRESS: "Remove it: the gateway passes it to each kernel",
  PUBLIC_KEY: "Remove it: the gateway passes it to each kernel",
  REMOVE_CONTAINER: "Set EG_REMOVE_CONTAINER in the gateway's own environment",
};

/** The gateway's own settings and its launcher's: a kernel that had them would go around them. */
const GATEWAY_VARIABLE = /^(?:EG_|DOCKER_|KUBERNETES_|KUBECONFIG$)/;
/** What decides which programs and libraries the launcher itself uses, on the gateway's machine. */
const LAUNCHER_VARIABLE = /^(?:PATH|PYTHONHOME|LD_\w+)$/;

/** Environment variables that would not reach the kernel, or would change how the gateway starts it. */
export function variableProblems(file: Readonly<Record<string, unknown>>): Broken[] {
  const { env } = file;
  if (typeof env !== "object" || env === null) return [];
  const inContainer = !isProcess(processProxyOf(file));
  return Object.entries(env).flatMap(([name, value]) => {
    const at = (code: string, message: string, remedy: string) => [
      broken(["env", name], code, message, remedy),
    ];
    if (String(value).includes("\0")) {
      return at("invalid-value", `${name} has a NUL character, which no variable can hold`, "Remove it");
    }
    const remedy = OVERRIDING_VARIABLES[name];
    if (remedy !== undefined) {
      return at(
        "overrides-kernel",
        `${name} would override a value that the gateway sets for the kernel`,
        remedy,
      );
    }
    if (GATEWAY_VARIABLE.test(name)) {
      const message = `${name} is a setting of the gateway, which a kernel would override`;
      return at("overrides-gateway", message, "Set it in the gateway's own environment");
    }
    if (LAUNCHER_VARIABLE.test(name) && inContainer) {
      const message = `${name} would apply to the launcher on the gateway's host`;
      return at("changes-launcher", message, "Set it with ENV in the image's Dockerfile");
    }
    return [];
  });
}
