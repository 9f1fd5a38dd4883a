import type { Resource } from "@pulumi/pulumi";
import type { StackConfig } from "./config.ts";

/** Every kernel that a notebook may name, by display name, with what an article that names it waits for. */
export function declaredKernels(config: StackConfig): Record<string, Resource[]> {
  return Object.fromEntries(config.externalKernels.map((name) => [name, []]));
}
