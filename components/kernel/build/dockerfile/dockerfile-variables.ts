/** Variables by name; undefined where it is known only that there is one. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A reference to a variable, which may have others in it, or a dollar sign that is none. */
const REFERENCE = /\\\$|\$(?:\{(\w+)((?:\$\{(?:\$\{[^}]*\}|[^$}]|\$(?!\{))*\}|[^$}]|\$(?!\{))*)\}|(\w+))/g;

/** A text with its variables replaced; undefined where one has no value in the file. */
export function expand(text: string, variables: Variables): string | undefined {
  let known = true;
  const expanded = text.replaceAll(REFERENCE, (whole, braced, modifier = "", plain) => {
    if (whole === "\\$") return "$";
    const value = modified(variables[braced ?? plain], modifier, variables);
    if (value === undefined) known = false;
    return value ?? "";
  });
  return known ? expanded : undefined;
}

/** A text without its references to variables. */
export const withoutReferences = (text: string): string => text.replaceAll(REFERENCE, "");

/** What BuildKit makes of `${name<modifier>}`; undefined where that is not known. */
function modified(value: string | undefined, modifier: string, variables: Variables): string | undefined {
  const [, colon, sign, word = ""] = /^(:?)([-+?])([\s\S]*)$/.exec(modifier) ?? [];
  const isSet = colon === ":" ? Boolean(value) : value !== undefined;
  if (sign === "-") return isSet ? value : expand(word, variables);
  if (sign === "+") return isSet ? expand(word, variables) : "";
  if (sign === "?") return isSet ? value : undefined;
  if (modifier === "" || value === undefined) return value;
  return trimmed(value, modifier) ?? replaced(value, modifier);
}

/** `#` and `##` take away what a pattern fits at the beginning, the least or the most; `%` and `%%` at the end. */
function trimmed(value: string, modifier: string): string | undefined {
  const [, sign, pattern = ""] = /^(##?|%%?)([\s\S]*)$/.exec(modifier) ?? [];
  if (sign === "#") return value.replace(new RegExp(`^${patternSource(pattern, "*?")}`), "");
  if (sign === "##") return value.replace(new RegExp(`^${patternSource(pattern, "*")}`), "");
  if (sign === "%") return value.replace(new RegExp(`^([\\s\\S]*)${patternSource(pattern, "*")}$`), "$1");
  if (sign === "%%") return value.replace(new RegExp(`^([\\s\\S]*?)${patternSource(pattern, "*")}$`), "$1");
  return undefined;
}

/** `/pattern/text` replaces the first that the pattern fits, `//pattern/text` each. */
function replaced(value: string, modifier: string): string | undefined {
  const [, all, pattern, text = ""] = /^\/(\/?)((?:\\.|[^/\\])+)(?:\/([\s\S]*))?$/.exec(modifier) ?? [];
  if (pattern === undefined) return undefined;
  return value.replace(new RegExp(patternSource(pattern, "*"), all === "/" ? "g" : ""), () => text);
}

function patternSource(pattern: string, many: "*" | "*?"): string {
  return pattern.replaceAll(/\\([\s\S])|([\s\S])/g, (_, escaped, plain) => {
    if (plain === "*") return `[\\s\\S]${many}`;
    if (plain === "?") return "[\\s\\S]";
    return (escaped ?? plain).replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&");
  });
}
