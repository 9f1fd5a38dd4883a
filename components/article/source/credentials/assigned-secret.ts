import type { Credential } from "./credential.ts";
import { ASSIGNS } from "./credential-triage.ts";

/** What names a secret, at the end of a longer name or alone. `key` alone names too much else. */
const SECRET_NAME =
  "(?:(?:api|access|account|auth|client|encryption|private|secret|service|signing|subscription)[_-]?key|(?:client[_-]?)?secret|token|credentials?)";

const PASSWORD_NAME = "(?:pass(?:word|wd|phrase)|(?:db|user|login|admin|root)[_-]?pwd)";

const NAMED = String.raw`(?<![\w-])(?<name>[\w-]{0,60}${SECRET_NAME})`;

const QUOTE = String.raw`(?<quote>"{3}|'{3}|["'\`])`;

const IN_QUOTES = new RegExp(
  String.raw`${NAMED}${ASSIGNS}${QUOTE}(?<secret>[\w+/=.~:-]{16,512})\k<quote>`,
  "gi",
);

/** The default of a variable that is asked for. */
const DEFAULTS = new RegExp(
  String.raw`\([ \t]?["']${NAMED}["']\s?,\s{0,4}[bruf]{0,2}${QUOTE}(?<secret>[\w+/=.~:-]{16,512})\k<quote>`,
  "gi",
);

const PASSWORD = new RegExp(
  String.raw`(?<![\w-])(?<name>[\w-]{0,60}${PASSWORD_NAME})${ASSIGNS}${QUOTE}(?<secret>[^\s"'\`]{8,128})\k<quote>`,
  "gi",
);

/** A value where a shell or a file of settings would end it too. */
const VALUE = String.raw`(?<secret>[\w+/.~-]{16,512}={0,2})(?=["'\s]|$)`;

/** Where no quotes enclose the value, what is around it tells that it is one. */
const WITHOUT_QUOTES = [
  // As a shell and a `.env` file write it, where a name is in capitals.
  new RegExp(String.raw`\b(?<name>[A-Z][A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD))=${VALUE}`, "g"),
  // A line of an INI or YAML file, as of qBraid's own `qbraidrc`.
  new RegExp(String.raw`^[ \t]*(?:!?[ \t]?export[ \t]+)?${NAMED}[ \t]?[=:][ \t]?${VALUE}[ \t]*$`, "gim"),
  // A magic command of IPython.
  new RegExp(String.raw`%(?:set_)?env[ \t]+${NAMED}[ \t=]+${VALUE}`, "gi"),
  // An option of a command.
  new RegExp(String.raw`--(?<name>[\w-]{0,60}${SECRET_NAME})[ \t=]["']?${VALUE}`, "gi"),
  // A header, in the quotes of a string or a shell.
  new RegExp(String.raw`["'](?<name>(?:[\w-]{0,40}-)?(?:api-?key|token)):[ \t]?${VALUE}`, "gi"),
  // The query of an address.
  /[?&;](?<name>api[_-]?key|(?:access|auth)[_-]?token|client[_-]?secret|subscription[_-]key)=(?<secret>[\w.~%+-]{20,512})/gi,
];

/** Names of what is called a token or a key, and is no secret. */
const NO_SECRET =
  /(?:page|next|continuation|sync|csrf|xsrf|middleware|authenticity|public(?:key)?)[_-]?(?:page[_-]?)?(?:token|key)$/i;

/**
 * Values that look random and are assigned to a name that says that they are secret, and passwords in quotes;
 * placeholders included. This rule knows no provider, so it finds what the others don't.
 */
export function findAssignedSecrets(text: string): Credential[] {
  const secrets = [IN_QUOTES, DEFAULTS, ...WITHOUT_QUOTES]
    .flatMap((pattern) => matches(text, pattern))
    .filter(({ name, secret }) => !NO_SECRET.test(name) && looksRandom(secret));
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

/** Tokens that maps show to everybody who looks at them, by design. */
const PUBLIC = /^pk\.eyJ/;

/**
 * Whether a text is more than words, numbers and names put together, such as `bert-base-uncased`: at least one
 * piece of it mixes letters and digits or capitals without being a word.
 */
function looksRandom(text: string): boolean {
  if (PUBLIC.test(text)) return false;
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
