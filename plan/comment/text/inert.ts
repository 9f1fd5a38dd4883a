/** U+2060: it has no width, and what it separates is no mention, issue, commit or link any more. */
const JOINER = "\u2060";

/** Controls, and marks that turn the direction of the text after them. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * Text of other people as Markdown that shows it and does nothing: no markup, HTML, mention, reference or link,
 * on one line. A command for GitHub's runner (`::set-output`, `##[…]`) in it is none any more.
 */
export function inert(text: string): string {
  return (
    unlinked(text)
      .replaceAll(/[!*[\\\]^_`{|}~#]/g, "\\$&")
      // At the beginning of a line it would begin a list.
      .replace(/^(\d*)([-+.)])(?=\s|$)/, "$1\\$2")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll("$", "&#36;")
  );
}

/** The same where Markdown is not read: within an element of HTML that begins its line, such as `<summary>`. */
export function inertHtml(text: string): string {
  return unlinked(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** One line without anything that GitHub makes a link of. */
function unlinked(text: string): string {
  return oneLine(text)
    .replaceAll("@", `${JOINER}@`)
    .replaceAll(/([@#]|GH-|:(?=\/\/|:)|www(?=\.))/gi, `$1${JOINER}`)
    .replaceAll(/\b[0-9a-f]{7}(?=[0-9a-f]*\b)/gi, (digits) =>
      /^\d+$/.test(digits) ? digits : `${digits.slice(0, 4)}${JOINER}${digits.slice(4)}`,
    );
}

/** The same as code, which keeps its letters exactly. A `|` in it would end a table's cell. */
export function code(text: string): string {
  const line = oneLine(text);
  if (line === "") return "";
  if (line.includes("|") || line.includes("##[")) return `<code>${inert(line)}</code>`;
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}

/** A link, or its text alone where the address is none of the web. */
export function link(text: string, address: string | undefined): string {
  const url = address === undefined ? undefined : webAddress(address);
  return url === undefined ? inert(text) : `[${inert(text)}](${url})`;
}

/** An address of the web without anything that could end a link; undefined where it is none. */
export function webAddress(address: string): string | undefined {
  try {
    const { protocol, href } = new URL(address);
    if (protocol !== "https:" && protocol !== "http:") return undefined;
    return href.replaceAll(
      /[()<>[\]\\|`'"*_]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  } catch {
    return undefined;
  }
}

/** What would break a line or turn it becomes one sign that can be seen. */
const oneLine = (text: string): string =>
  text.replaceAll(/\s+/g, " ").replaceAll(UNPRINTABLE, "\ufffd").trim();
