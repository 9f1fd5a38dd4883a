import * as pulumi from "@pulumi/pulumi";
import { parseRepository } from "../../components/image/reference.ts";
import type { RegistryClient } from "../../components/image/registry/registry-client.ts";
import type { ImageEntry } from "../../components/image/selection/images-file.ts";
import { checkBytes } from "../../components/image/selection/selection-bytes.ts";
import { selectFromRegistry } from "../../components/image/selection/selection-registry.ts";
import { formatProblem } from "../../components/problem/problem.ts";
import { ownOutputs, type SelectedImages } from "../outputs/outputs.ts";

/**
 * Asks the registry, as the policy says, and reads what the last deployment has not selected yet.
 * @param id `<cluster>/<entry of images.yaml>`
 * @param now milliseconds since the epoch
 */
export async function selectImages(
  id: string,
  { repository: text, policy }: ImageEntry,
  registry: RegistryClient,
  now: number,
): Promise<SelectedImages> {
  const repository = parseRepository(text);
  const selection = await selectFromRegistry(registry, repository, policy, now);
  const { menu, prepull, recommended, notices } = selection;
  await checkBytes(registry, repository, prepull, await deployedDigests(id, repository));
  for (const notice of notices) pulumi.log.warn(`images ${id}: ${formatProblem(notice)}`);
  return { repository, menu, prepull, ...(recommended ? { recommended } : {}) };
}

/** What was selected here before, whose bytes were read then: so an unchanged repository costs HEADs. */
async function deployedDigests(id: string, repository: string): Promise<ReadonlySet<string>> {
  const before = (await ownOutputs().get("images")).get(id);
  return new Set(before?.repository === repository ? before.prepull.map(({ digest }) => digest) : []);
}
