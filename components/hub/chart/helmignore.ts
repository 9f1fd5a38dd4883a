import { dockerPattern } from "../../kernel/build/docker-pattern.ts";

/** A file or folder of a chart; its path is relative to the chart, with `/`. */
interface Entry {
  readonly path: string;
  readonly isFolder: boolean;
}

interface Rule {
  readonly negated: boolean;
  readonly folderOnly: boolean;
  matches(path: string): boolean;
}

/**
 * What a chart's `.helmignore` leaves out, as Helm reads it: the first rule that fits decides, and a negated one
 * leaves out whatever it does not fit. What is in a folder that is left out is not asked about.
 */
export function helmIgnoreRules(text: string): (entry: Entry) => boolean {
  const written = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  // Helm adds the last one itself.
  const rules = [...written, "templates/.?*"].map(ruleOf);
  return ({ path, isFolder }) => {
    for (const { negated, folderOnly, matches } of rules) {
      if (folderOnly && !isFolder) {
        if (negated) return true;
      } else if (matches(path) !== negated) return true;
    }
    return false;
  };
}

function ruleOf(line: string): Rule {
  const negated = line.startsWith("!");
  const rest = negated ? line.slice(1) : line;
  const folderOnly = rest.endsWith("/");
  const pattern = folderOnly ? rest.slice(0, -1) : rest;
  const expression = dockerPattern(pattern.replace(/^\//, ""));
  // A rule without a slash is about names, at any depth.
  const isName = !pattern.includes("/");
  const matches = (path: string) => expression.test(isName ? (path.split("/").at(-1) ?? path) : path);
  return { negated, folderOnly, matches };
}
