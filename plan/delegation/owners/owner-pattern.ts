/** A pattern of CODEOWNERS as the segments that a path from the root has to have, one after the other. */
export type Pattern = readonly Segment[];

/** Any folders, perhaps none; the rest of a path, at least one segment; or one segment of a certain form. */
type Segment = "folders" | "rest" | "folder-or-file" | RegExp;

/**
 * Parses a pattern as GitHub does: as in .gitignore, but without `!`, `[…]` and an escaped `#`.
 * @returns undefined for what GitHub calls invalid, and skips
 */
export function parsePattern(text: string): Pattern | undefined {
  const plain = text.replaceAll("\\ ", " ");
  if (/[[\]\\!]/.test(plain) || plain.includes("***") || /^\/?$/.test(plain) || plain.includes("//"))
    return undefined;
  const parts = plain.split("/");
  const isFolder = parts.at(-1) === "";
  if (isFolder) parts.pop();
  // Any folders, and then one more.
  if (isFolder && parts.at(-1) === "**") parts.push("*");
  // Only a slash before the end ties a pattern to the root.
  const isAnywhere = parts.length === 1;
  if (parts[0] === "") parts.shift();
  const segments = parts.map((part, index) => segmentOf(part, index === parts.length - 1));
  return [
    ...(isAnywhere ? (["folders"] as const) : []),
    ...segments,
    ...endOf(parts.at(-1), isFolder, isAnywhere),
  ];
}

function segmentOf(part: string, isLast: boolean): Segment {
  if (part === "**") return isLast ? "rest" : "folders";
  const escaped = part.replace(/[.+^${}()|]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\*+/g, "[^/]*").replaceAll("?", "[^/]")}$`, "s");
}

/** What a pattern leaves open at its end: a folder has its files, a name is a file or a folder, `*` a file alone. */
function endOf(last: string | undefined, isFolder: boolean, isAnywhere: boolean): Segment[] {
  if (last === "**") return [];
  if (isFolder) return ["rest"];
  return last === "*" && !isAnywhere ? [] : ["folder-or-file"];
}

/** Whether a pattern matches a file. @param path from the repository's root */
export const matches = (pattern: Pattern, path: string): boolean => matchFrom(pattern, path.split("/"));

function matchFrom([segment, ...others]: Pattern, path: readonly string[]): boolean {
  if (segment === undefined) return path.length === 0;
  if (segment === "rest") return path.length > 0;
  if (segment === "folder-or-file") return true;
  if (segment === "folders") return path.some((_, index) => matchFrom(others, path.slice(index)));
  const [first, ...below] = path;
  return first !== undefined && segment.test(first) && matchFrom(others, below);
}
