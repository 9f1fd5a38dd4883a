/** Words that name a secret wherever one of a name's words ends with it: `GITHUBTOKEN`, `DB_PASSWORD`. */
const LONG_WORD =
  /(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|APIKEY|PRIVATEKEY|ACCESSKEY|CREDENTIAL)S?\d*(?:_|$)/;
/** Words that are too short for that: `COMPASS` and `PATTERN` hold none. */
const SHORT_WORD = /(?:^|_)(?:PASS|PWD|PAT|API_KEYS?|PRIVATE_KEYS?|ACCESS_KEYS?)\d*(?:_|$)/;
/** A shell's own variables, which are folders. */
const FOLDER_NAME = /^(?:OLD_?)?PWD$/;
/** Names that speak about a secret, but hold none. */
const HARMLESS_NAME = /(?:_FILE|_PATH|_DIR|_URL|_ID|_NAME|_TTL|_EXPIRY)$|^(?:MAX|MIN|NUM|N)_(?:\w+_)?TOKENS$/;

/** Secrets that a value can have anywhere: tokens by their prefix, keys, passwords in URLs. */
const SECRET_VALUES = [
  /(?<![A-Za-z0-9])(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|hf_\w{20,}|xox[abprs]-[\w-]{10,})/,
  /(?<![A-Za-z0-9])(?:AKIA[0-9A-Z]{16}(?![A-Za-z0-9])|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+)/,
  // Not within a name such as disk-image.
  /(?<![\w-])sk-[\w-]{20,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /(?<![a-z0-9])[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i,
];

/** Whether a setting looks like a secret, by its name or by its value. */
export const looksSecret = (name: string, value: unknown): boolean =>
  (namesSecret(name) && couldBeSecret(value)) || isSecretValue(String(value));

/** Whether a value could be a secret: not a switch such as `use_token: true`. */
const couldBeSecret = (value: unknown) => value !== "" && value !== null && typeof value !== "boolean";

/** Whether a variable of that name is made to hold a secret. */
export function namesSecret(name: string): boolean {
  const upper = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
  if (HARMLESS_NAME.test(upper) || FOLDER_NAME.test(upper)) return false;
  return LONG_WORD.test(upper) || SHORT_WORD.test(upper);
}

/** Whether a value has a known kind of secret in it. */
export function isSecretValue(value: string): boolean {
  return SECRET_VALUES.some((secret) => secret.test(value));
}
