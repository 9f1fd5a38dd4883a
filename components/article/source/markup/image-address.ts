/** What an image's address means for the files of an article. */
export type ImageAddress =
  | { readonly kind: "elsewhere" }
  | { readonly kind: "attachment"; readonly name: string }
  | { readonly kind: "nowhere"; readonly message: string; readonly remedy: string }
  /** `spellings`: the paths that it may mean, likeliest first; `rooted`: from the article's folder. */
  | { readonly kind: "file"; readonly spellings: readonly string[]; readonly rooted: boolean };

/** Reads the address of an image in a notebook: without query and fragment, `%20` decoded. */
export function readImageAddress(written: string): ImageAddress {
  const address = written.trim();
  const remedy = "Put the image beside the notebook and write its path from there";
  if (address === "") return { kind: "nowhere", message: "An image has no address", remedy };
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase() ?? "";
  if (scheme === "attachment")
    return { kind: "attachment", name: decoded(address.slice("attachment:".length)) };
  if (scheme === "file" || scheme.length === 1) {
    const message = `${JSON.stringify(address)} is a path on one machine only`;
    return { kind: "nowhere", message, remedy };
  }
  if (scheme !== "" || address.startsWith("//")) return { kind: "elsewhere" };
  const path = address.replace(/[?#].*$/s, "");
  if (path === "") return { kind: "elsewhere" };
  const spellings = [...new Set([decoded(path), path, decoded(address), address])];
  return { kind: "file", spellings: spellings.map(relativeSpelling), rooted: path.startsWith("/") };
}

function relativeSpelling(path: string): string {
  return path.replace(/^\/+/, "");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
