/** Takes secrets out of a text that came from outside, in the spellings a server may echo them in. */
export type Redact = (text: string) => string;

/** @param secrets the values to take out; those that are absent or empty are skipped */
export function redaction(secrets: readonly (string | undefined)[]): Redact {
  const spellings = secrets
    .filter((secret): secret is string => secret !== undefined && secret !== "")
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString("base64").replace(/=+$/, ""),
    ]);
  // The longest first: one spelling may be a part of another.
  const sorted = [...new Set(spellings)].sort((a, b) => b.length - a.length);
  return (text) => sorted.reduce((clean, spelling) => clean.replaceAll(spelling, "[redacted]"), text);
}
