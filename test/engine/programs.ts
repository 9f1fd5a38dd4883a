import { join } from "node:path";
import { program } from "../services/programs.ts";

const REPOSITORY = join(import.meta.dirname, "..", "..");

/** Where `test/services/engine/build.sh` puts the CLI and the plugins that it builds. */
const BUILT = join(REPOSITORY, ".cache", "services", "engine");

/** The real Pulumi CLI, of the services first, then of the PATH; undefined where there is none. */
export const findPulumi = () => program("pulumi", [BUILT]);

/** The plugin of the Kubernetes package. */
export const findKubernetesPlugin = () => program("pulumi-resource-kubernetes", [BUILT]);

/**
 * The folders in which the CLI finds its plugins, after those of the PATH: what is really
 * installed is taken before a stand-in.
 */
export const PLUGIN_FOLDERS: readonly string[] = [
  BUILT,
  join(REPOSITORY, "node_modules", "@pulumi", "pulumi"),
  join(import.meta.dirname, "language-host"),
  join(import.meta.dirname, "plugins"),
];
