import manifest from "../../../package.json" with { type: "json" };

/** The image of the command line that came with this version, and whether it is one that was released. */
export function releasedImage(): { readonly image: string; readonly isReleased: boolean } {
  const { version, ...rest } = manifest;
  const { url } = (rest as { readonly repository?: { readonly url?: string } }).repository ?? {};
  // The package that is published names the repository on GitHub which made it, and its image.
  const [, name] = /github\.com\/([^/]+\/[^/]+?)(?:\.git)?$/.exec(url ?? "") ?? [];
  const isReleased = name !== undefined;
  return { image: `ghcr.io/${(name ?? "my-organization/lectern").toLowerCase()}:${version}`, isReleased };
}
