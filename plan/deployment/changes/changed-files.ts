import { posix } from "node:path";

const STATUS = /^(?:[ADMTUXB]\d*|[RC]\d*)$/;

/**
 * The paths in a list of changed files: one path per line, or what `git diff --name-only` or `--name-status` prints, with or
 * without `-z`. Both sides of a renaming or copy count.
 * @returns each once, in their order
 */
export function changedFiles(text: string): string[] {
  const paths = text.includes("\0") ? separatedByNul(text) : text.split("\n").flatMap(pathsInLine);
  return [...new Set(paths.filter((path) => path !== "").map((path) => posix.normalize(path)))];
}

function pathsInLine(line: string): string[] {
  const [first = "", ...rest] = line.replace(/\r$/, "").split("\t");
  const isStatus = STATUS.test(first) && rest.length === (/^[RC]/.test(first) ? 2 : 1);
  return (isStatus ? rest : [[first, ...rest].join("\t")]).map(unquoted);
}

/** With `-z`, a status and its paths are entries of their own. A list that has no status everywhere has none. */
function separatedByNul(text: string): string[] {
  const entries = text.replace(/\0$/, "").split("\0");
  const paths: string[] = [];
  for (let index = 0; index < entries.length; ) {
    const status = entries[index] ?? "";
    const count = /^[RC]/.test(status) ? 2 : 1;
    if (!STATUS.test(status) || index + count >= entries.length) return entries;
    paths.push(...entries.slice(index + 1, index + 1 + count));
    index += 1 + count;
  }
  return paths;
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** A path that git has quoted, as in C; any other stays as it is. */
function unquoted(path: string): string {
  const [, inner] = /^"((?:[^"\\]|\\.)*)"$/.exec(path) ?? [];
  if (inner === undefined) return path;
  const bytes = [...inner.matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gs)].map(([, octal, escaped, plain = ""]) => {
    if (octal !== undefined) return Buffer.from([Number.parseInt(octal, 8)]);
    if (escaped !== undefined) return Buffer.from(escaped in ESCAPES ? [ESCAPES[escaped] ?? 0] : escaped);
    return Buffer.from(plain);
  });
  return Buffer.concat(bytes).toString();
}
