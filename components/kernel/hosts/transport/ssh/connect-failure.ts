import { TransportError } from "../transport.ts";
import { fingerprintOf, HOST_KEY_TYPES, type HostKey, parseHostKey } from "./host-key.ts";

/** The host key of a configuration. @throws {TransportError} where it isn't one */
export function expectedKey(host: string, line: string): HostKey {
  const key = parseHostKey(line);
  if (key) return key;
  throw new TransportError(
    host,
    "connect",
    line.trim() === "" ? "no host key is given" : "the given host key is not a complete public key",
    `Give the host's public key as \`ssh-keyscan\` prints it after the name, of one of the types ${HOST_KEY_TYPES.join(", ")}`,
    "host-key",
  );
}

/** The error for a login that failed. @param shown the key that the host showed */
export function connectFailure(
  host: string,
  error: unknown,
  expected: HostKey,
  shown?: Buffer,
): TransportError {
  const { message, level } = error as Error & { level?: string };
  const fail = (what: string, remedy: string, reason: TransportError["reason"]) =>
    new TransportError(host, "connect", what, remedy, reason);
  if (shown && !shown.equals(expected.blob)) {
    return fail(
      `the host presented the key ${fingerprintOf(shown)}, but ${expected.fingerprint} is expected; nothing was sent to it`,
      "Find out why: if the host was set up again, put its new public key into the configuration; if not, the connection may be intercepted",
      "host-key",
    );
  }
  if (message.includes("host key format")) {
    return fail(
      `the host has no key of the type ${expected.type}, but ${expected.fingerprint} is expected; nothing was sent to it`,
      "Put a public key that the host has into the configuration",
      "host-key",
    );
  }
  if (level === "client-authentication") {
    return fail(
      "the host refused the key",
      "Check the user, and that the key's public half is in the user's authorized_keys there",
      "refused",
    );
  }
  if (/parse privateKey|Encrypted private/.test(message)) {
    return fail(
      "the private key can't be read",
      "Set lectern:sshPrivateKey to a complete private key in OpenSSH or PEM format, without a passphrase",
      "refused",
    );
  }
  return fail(
    `can't connect (${message})`,
    "Check the host's name and port, and that it can be reached from here",
    "unreachable",
  );
}
