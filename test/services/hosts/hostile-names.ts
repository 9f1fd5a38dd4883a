import fc from "fast-check";

/** What broke scripts elsewhere. */
export const HOSTILE = [
  "$(touch /tmp/lectern-was-here)",
  "`id`",
  "; rm -rf x",
  "a'b",
  "'; id; '",
  'a"b',
  "a\\b",
  "a\nb",
  "\n",
  "-rf",
  "--help",
  "~",
  "*",
  "{a,b}",
  "a=b",
  "#",
  "!!",
  "%s",
  "é\u{1F600}\u202e",
  "\r\t\x1b[31m",
  " ",
  "$HOME",
  "&&",
  "|",
];

/** A program's argument, as bad as it can be. */
export const hostileText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: "binary", maxLength: 30 }).filter((text) => !text.includes("\0") && text.isWellFormed()),
  fc.array(fc.constantFrom(...HOSTILE, "a", "/", ""), { maxLength: 4 }).map((parts) => parts.join("")),
);

/** A file's name, as bad as it can be. */
export const hostileName = hostileText
  .map((text) => text.replaceAll("/", "_"))
  .filter((name) => name !== "" && name !== "." && name !== ".." && Buffer.byteLength(name) < 200);
