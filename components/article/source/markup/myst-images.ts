import type { Token } from "markdown-it";

/** The address of a MyST directive that shows an image, in the fence that it is: `{figure} images/bell.png`. */
export function mystImageOf(token: Token): string | undefined {
  // With backticks or tildes it is a fence, with colons a paragraph that begins so.
  if (token.type === "fence") return DIRECTIVE.exec(token.info)?.[1]?.trim();
  return token.type === "inline" ? COLONS.exec(token.content)?.[1]?.trim() : undefined;
}

const DIRECTIVE = /^\s*\{(?:image|figure)\}[ \t]+(\S[^\n]*)/;
const COLONS = /^:{3,}\{(?:image|figure)\}[ \t]+(\S[^\n]*)/;
