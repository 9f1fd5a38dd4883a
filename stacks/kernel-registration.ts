import type { KernelOutput } from "./kernels.ts";

/**
 * The registration that a kernel had on a gateway when the stack was last deployed.
 * @returns undefined where it is new to gateways: one of qBook's service has no registration there
 */
export function formerRegistration(name: string, before: KernelOutput | undefined): string | undefined {
  return before?.registration.startsWith(`kernel/${name}/`) ? before.registration : undefined;
}
