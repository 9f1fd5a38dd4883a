import { posix } from "node:path";
import { dockerPattern } from "./docker-pattern.ts";

/** What a `.dockerignore` holds back: the last rule that fits a path, or a folder above it, decides. */
export function ignoreRules(text: string): (path: string) => boolean {
  const rules = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => !line.startsWith("#") && line.trim() !== "")
    .map(ignoreRule);
  return (path) => {
    const parts = path.split("/");
    const self = parts.map((_, end) => parts.slice(0, end + 1).join("/"));
    let ignored = false;
    for (const { keep, pattern } of rules) {
      if (self.some((part) => pattern.test(part))) ignored = !keep;
    }
    return ignored;
  };
}

function ignoreRule(line: string): { keep: boolean; pattern: RegExp } {
  const trimmed = line.trim();
  const keep = trimmed.startsWith("!");
  const path = posix.normalize(trimmed.slice(keep ? 1 : 0).trim()).replace(/^\/+|\/+$/g, "");
  return { keep, pattern: dockerPattern(path) };
}
