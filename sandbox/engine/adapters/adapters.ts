import { join } from "node:path";
import type { Adapter } from "../adapter.ts";

/**
 * Stand-ins for the packages that the project uses beside its own resources: Kubernetes manifests
 * are rendered to `<stateFolder>/rendered/<stack>`, commands run here or over SSH, images are built by
 * the Docker CLI. Loaded when the first resource of the package comes.
 */
export function localAdapters(options: {
  readonly stateFolder: string;
  readonly stack: string;
}): Record<string, () => Promise<Adapter>> {
  const folder = join(options.stateFolder, "rendered", options.stack);
  return {
    kubernetes: async () => (await import("./kubernetes.ts")).kubernetesAdapter(folder),
    command: async () => (await import("./command.ts")).commandAdapter(),
    docker: async () => (await import("./docker.ts")).dockerAdapter(),
  };
}
