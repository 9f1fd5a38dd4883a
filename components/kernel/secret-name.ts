const SECRET_NAME =
  /(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIALS?)(?:_|$)/;
/** Names that speak about a secret, but hold none. */
const HARMLESS_NAME = /(?:_FILE|_PATH|_URL|_ID|_NAME|_TTL|_EXPIRY)$/;
const SECRET_VALUE =
  /^(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|AKIA[0-9A-Z]{16}|sk-[\w-]{20,}|hf_\w{20,}|xox[abprs]-[\w-]{10,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+)$|-----BEGIN [A-Z ]*PRIVATE KEY-----|^[a-z][a-z+.-]*:\/\/[^/\s:@]+:[^/\s@]+@/;

/** Whether a variable of that name is made to hold a secret. */
export function namesSecret(name: string): boolean {
  const upper = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
  return SECRET_NAME.test(upper) && !HARMLESS_NAME.test(upper);
}

/** Whether a value has the form of a known kind of secret. */
export function isSecretValue(value: string): boolean {
  return SECRET_VALUE.test(value.trim());
}
