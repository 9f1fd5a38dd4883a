/**
 * A pattern as Docker matches paths in a build context: `*` and `?` stop at `/`, `**` is any folders,
 * and at the end everything, `[a-z]` is a class, a backslash takes a character as it is. The path has `/`, without `./`.
 */
export function dockerPattern(pattern: string): RegExp {
  let source = "";
  for (let at = 0; at < pattern.length; at += 1) {
    const rest = pattern.slice(at);
    const set = /^\[(\^?)((?:\\.|[^\]\\])+)\]/.exec(rest);
    const folders = /^\*\*\/?/.exec(rest)?.[0];
    if (folders) {
      source += folders === rest ? ".*" : "(?:.*/)?";
      at += folders.length - 1;
    } else if (set) {
      source += `[${set[1]}${set[2]?.replaceAll(/[[&]/g, "\\$&")}]`;
      at += set[0].length - 1;
    } else if (rest.startsWith("\\") && rest.length > 1) {
      source += literal(rest.charAt(1));
      at += 1;
    } else {
      source += SPECIAL[rest.charAt(0)] ?? literal(rest.charAt(0));
    }
  }
  return new RegExp(`^${source}$`, "s");
}

/** Whether a path names many files rather than one. */
export function isPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

const SPECIAL: Readonly<Record<string, string>> = { "*": "[^/]*", "?": "[^/]" };

const literal = (character: string) => character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
