import type { Credential } from "./credential.ts";

/** The line that begins a private key in PEM, PGP or SSH2 form. */
const BEGIN = /-----? ?BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)? ?-----?/g;

/** From the line that ends it; a key that is cut off has none. */
const END = /-----? ?END [A-Z0-9 ]{0,40}PRIVATE KEY/;

/**
 * A line of base64 and those that follow it, also as pieces of a string in code. The shortest key, of Ed25519,
 * has a line of 64 characters.
 */
const BODY = /[A-Za-z0-9+/]{40,}={0,2}(?:(?:[\s"',]|\\[nr])+[A-Za-z0-9+/]{4,}={0,2})*/;

/** No key is longer, in UTF-16 units. */
const LONGEST = 20_000;

/**
 * Private keys of any algorithm, whole or cut off: RSA, EC, Ed25519, OpenSSH, PGP, encrypted or not. A heading
 * without a line of base64 below it only explains the format.
 */
export function findPrivateKeys(text: string): Credential[] {
  return [...text.matchAll(BEGIN)].flatMap(({ index, 0: heading }) => {
    const rest = text.slice(index + heading.length, index + LONGEST);
    const end = END.exec(rest)?.index ?? rest.length;
    const body = BODY.exec(rest.slice(0, end));
    if (!body) return [];
    const until = end < rest.length ? end : body.index + body[0].length;
    const secret = text.slice(index, index + heading.length + until).trimEnd();
    return [{ what: "a private key", offset: index, secret }];
  });
}
