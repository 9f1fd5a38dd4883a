/**
 * Whether what looks like a credential only stands for one, as in `ghp_xxxx…`, `sk-…your-key…` or
 * `https://user:pass@example.com`.
 */
export function isPlaceholder(credential: string): boolean {
  const address = /^[a-z][a-z0-9+.:-]*:\/\/([^:/@\s]+):([^@\s]+)@([^/?#:\s]+)/i.exec(credential);
  if (address) return isPlaceholderAddress(address[1] ?? "", address[2] ?? "", address[3] ?? "");
  const body = credential.replace(/^[A-Za-z]{2,7}(?:[_-](?:pat|api|ant|proj)?[_-]?|\.)/, "");
  return (
    isFiller(body) ||
    STAND_IN.test(body) ||
    /example|placeholder|your|change_?me|dummy|redacted|replace|xxxxx|abcdef|12345678/i.test(body)
  );
}

const STAND_IN =
  /^[<{$%*.]|^(?:user(?:name)?|name|login|me|pass(?:wor[dt]|wd|phrase)?|pwd|secret|token|key|api_?key|change_?me|my_?\w*|your_?\w*|x+|\*+|\.+|foo|bar)$/i;

function isPlaceholderAddress(user: string, password: string, host: string): boolean {
  const reserved =
    /^(?:localhost|127\.0\.0\.1|host(?:name)?|(?:.+\.)?example(?:\.(?:com|org|net))?|.+\.(?:test|invalid|local))$/i;
  return reserved.test(host) || isFiller(password) || STAND_IN.test(password) || /^[<{$]/.test(user);
}

/** One to three different characters, as nobody's secret has. */
function isFiller(text: string): boolean {
  return new Set(text.toLowerCase()).size <= 3;
}
