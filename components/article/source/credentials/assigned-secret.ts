import type { Credential } from "./credential.ts";

/** What names a secret, at the end of a longer name or alone. `key` alone names too much else. */
const SECRET_NAME =
  "(?:(?:api|access|account|auth|client|encryption|private|secret|service|signing|subscription)[_-]?key|(?:client[_-]?)?secret|token|credentials?)";

const PASSWORD_NAME = "(?:pass(?:word|wd|phrase)|(?:db|user|login|admin|root)[_-]?pwd)";

/** Between a name and its value in quotes, in Python, JSON, YAML, JavaScript or a shell. */
const ASSIGNS = String.raw`["'\`]?\]?\s{0,4}(?::=|=>|[=:])\s{0,4}[bru]?`;

const SECRET = new RegExp(
  String.raw`(?<![\w-])(?<name>[\w-]{0,60}${SECRET_NAME})${ASSIGNS}(?<quote>["'\`])(?<secret>[\w+/=.~:-]{16,512})\k<quote>`,
  "gi",
);

const PASSWORD = new RegExp(
  String.raw`(?<![\w-])(?<name>[\w-]{0,60}${PASSWORD_NAME})${ASSIGNS}(?<quote>["'\`])(?<secret>[^\s"'\`]{8,128})\k<quote>`,
  "gi",
);

/** Without quotes only as a shell and a `.env` file write it, where a name is in capitals. */
const VARIABLE =
  /\b(?<name>[A-Z][A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD))=(?<secret>[\w+/.~-]{16,512}={0,2})(?=\s|$)/g;

/**
 * Values that look random and are assigned to a name that says that they are secret, and passwords in quotes;
 * placeholders included. This rule knows no provider, so it finds what the others don't.
 */
export function findAssignedSecrets(text: string): Credential[] {
  const secrets = [...matches(text, SECRET), ...matches(text, VARIABLE)].filter(({ secret }) =>
    looksRandom(secret),
  );
  const passwords = matches(text, PASSWORD).filter(({ secret }) => looksChosen(secret));
  const guess = (noun: string, { name, offset, secret }: Assigned): Credential => ({
    what: `${noun} (${name})`,
    offset,
    secret,
    isGuess: true,
  });
  return [
    ...secrets.map((one) => guess("a secret", one)),
    ...passwords.map((one) => guess("a password", one)),
  ];
}

interface Assigned {
  readonly name: string;
  readonly offset: number;
  readonly secret: string;
}

function matches(text: string, pattern: RegExp): Assigned[] {
  return [...text.matchAll(pattern)].map(({ index, 0: whole, groups }) => {
    const { name = "", secret = "" } = groups ?? {};
    return { name: name.slice(-40), offset: index + whole.lastIndexOf(secret), secret };
  });
}

/**
 * Whether a text is more than words, numbers and names put together, such as `bert-base-uncased`: at least one
 * piece of it mixes letters and digits or capitals without being a word.
 */
function looksRandom(text: string): boolean {
  const pieces = text.split(/[-_.:/+=~]+/);
  const odd = pieces.filter((piece) => piece.length >= 4 && !isWord(piece));
  return odd.join("").length >= 12 && new Set(odd.join("")).size >= 6;
}

/** A word, a number, a name in camel case, or a word with a number at its end. */
function isWord(piece: string): boolean {
  return /^(?:\d+|[a-z]+\d{0,3}|[A-Z]+\d{0,3}|[A-Z]?[a-z]+(?:[A-Z][a-z]{2,}){0,4}\d{0,3})$/.test(piece);
}

/** Whether a password may be somebody's: not a word for one, a digest of one, a path, or code around a variable. */
function looksChosen(text: string): boolean {
  if (/pass_?(?:w|phrase)|^[./~$%<{[(*&]|[{}<>()]|^\w+:\/\//i.test(text)) return false;
  return /[a-z]/i.test(text) && !/^(?:sha\d+|md5|argon2\w*|bcrypt|pbkdf2\w*|scrypt)[:$]/i.test(text);
}
