/** Where a hub gets a folder of notebooks from. */
interface NotebookSource {
  /** Of the repository: `https://github.com/my-organization/teaching`. */
  readonly url: string;
  readonly branch: string;
  /** The folder in the repository. */
  readonly path: string;
}

/**
 * A link that brings a folder of notebooks into a user's own server, by nbgitpuller, and opens it in JupyterLab: what
 * the user has changed there is kept.
 * @param hub the hub's address, without a slash at its end
 */
export function pullLink(hub: string, { url, branch, path }: NotebookSource): string {
  const repository = url.replace(/\/+$/, "").replace(/\.git$/, "");
  // nbgitpuller names the folder after the last part of the address.
  const folder = repository.split("/").at(-1) ?? "";
  const clean = path.split("/").filter((part) => part !== "" && part !== ".");
  const query = new URLSearchParams({
    repo: repository,
    branch,
    urlpath: ["lab", "tree", folder, ...clean].join("/"),
  });
  return `${hub}/hub/user-redirect/git-pull?${query}`;
}
