import { join } from "node:path";
import { type RegistryClient, registryClient } from "../../image/registry/registry-client.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { artifactStore } from "./artifact-store.ts";
import { firstStore } from "./first-store.ts";
import { folderStore } from "./folder-store.ts";
import type { ProofStore } from "./proof-store.ts";

/** The folder of proofs: LECTERN_PROOFS, which CI caches, else one below the project's. */
export const proofsFolder = (project = ""): string =>
  process.env["LECTERN_PROOFS"] || join(project, ".lectern", "proofs");

/**
 * Where results are kept: beside the image, else in the folder of proofs.
 * @param report is told why a result is not kept beside its image
 * @param project the folder of the project; the working folder where it is not given
 */
export const configuredStore = (
  registry: RegistryClient,
  report: (message: string) => void,
  project?: string,
): ProofStore => firstStore(artifactStore(registry), folderStore(proofsFolder(project)), report);

/** The store of a provider, one for all its resources. */
export const proofStore = (context: ProviderContext): ProofStore =>
  context.once("the store of proofs", () =>
    configuredStore(registryClient(context), (message) => context.report({ severity: "info", message })),
  );
