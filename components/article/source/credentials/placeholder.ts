/**
 * Whether what looks like a credential is only a placeholder for one, as in `ghp_xxxx…`, `sk-…your-key…` or
 * `https://user:pass@example.com`.
 */
export function isPlaceholder(credential: string): boolean {
  const address = /^[a-z][a-z0-9+.:-]*:\/\/([^:/@\s]+):([^@\s]+)@([^/?#:\s]+)/i.exec(credential);
  if (address) return isPlaceholderAddress(address[1] ?? "", address[2] ?? "", address[3] ?? "");
  const body = credential.replace(/^[A-Za-z]{2,7}(?:[_-](?:pat|api|ant|proj)?[_-]?|\.)/, "");
  return (
    isFiller(body) ||
    STAND_IN.test(body) ||
    /example|placeholder|your|change_?me|dummy|redacted|replace|xxxxx/i.test(body) ||
    isAlphabet(body)
  );
}

const NOUN =
  "(?:user(?:_?name)?|name|login|account|me|pass(?:_?(?:wor[dt]|wd|phrase))?|pwd?|secret|token|(?:api_?|access_?)?key)";

// What follows "my" must be such a noun: people begin passwords with that word too.
const STAND_IN = new RegExp(
  `^[<{$%*.]|^(?:(?:(?:my|your|the)[_-]?)?(?:db_?|secret_?)?${NOUN}(?:_?here)?|your[_-][a-z_-]+|change_?me|x+|foo|bar)$`,
  "i",
);

function isPlaceholderAddress(user: string, password: string, host: string): boolean {
  const reserved =
    /^(?:localhost|127\.0\.0\.1|host(?:name)?|(?:.+\.)?example(?:\.(?:com|org|net))?|.+\.(?:test|invalid))$/i;
  const isToldByItsUser = user === password; // as in every `postgres:postgres`
  return (
    reserved.test(host) ||
    isToldByItsUser ||
    isFiller(password) ||
    STAND_IN.test(password) ||
    /^[<{$]/.test(user)
  );
}

/** One to three different characters, as nobody's secret has. */
function isFiller(text: string): boolean {
  return new Set(text.toLowerCase()).size <= 3;
}

/** Most of the alphabet or only ascending digits, as typed by people who had to write something. */
function isAlphabet(text: string): boolean {
  const shortest = /^\d+$/.test(text) ? 8 : 20;
  let run = 1;
  for (let at = 1; at < text.length && run < shortest; at += 1) {
    const step = text.toLowerCase().charCodeAt(at) - text.toLowerCase().charCodeAt(at - 1);
    const isNext = step === 1 || text.slice(at - 1, at + 1) === "90";
    run = isNext ? run + 1 : 1;
  }
  return run >= shortest;
}
