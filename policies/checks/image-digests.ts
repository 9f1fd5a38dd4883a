import { leavesOf, ownKind, pathText, type Resource } from "../resource.ts";

/**
 * The images of a resource that are not named by their digest. Looked at are kernels, aliases, the pods of Kubernetes'
 * workloads, and what a hub's values name as an image in one text; the chart's own images are the chart's.
 */
export function unpinnedImages(resource: Resource): string[] {
  return leavesOf(resource.props)
    .filter(({ path, text }) => isImage(resource, path, text) && !BY_DIGEST.test(text))
    .map(
      ({ path, text }) =>
        `${pathText(path)} is ${text}, which can become another image: name it by its digest, as repository@sha256:…`,
    );
}

const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

function isImage(resource: Resource, path: readonly string[], text: string): boolean {
  if (path.at(-1) !== "image" || text === "") return false;
  if (ownKind(resource) === "Kernelspec") return path.length === 1;
  // Beside references, values have a setting or a name there.
  if (path[0] === "values") return /[/:]/.test(text);
  return /^(containers|initContainers|ephemeralContainers)$/.test(path.at(-3) ?? "");
}
