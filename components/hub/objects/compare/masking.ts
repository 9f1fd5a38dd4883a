import { isObject } from "../../../json.ts";
import { type FieldPath, lastOf } from "./field-path.ts";

/** What stands for a value that is or may be secret. */
export const MASK = "[secret]";

/** Secrets that are shorter are common words: only a value that equals one is masked. */
const SHORTEST_PART = 4;

/** Decides what of a manifest or of values may be shown. */
export interface Masking {
  /** Whether the value at a path is or may be secret. */
  hides(path: FieldPath, value: unknown): boolean;
}

/** @param secrets values that are known to be secret; they are masked wherever they occur, in base64 too */
export function masking(secrets: Iterable<string>): Masking {
  const known = new Set([...secrets].filter((secret) => secret !== ""));
  const parts = [...known]
    .filter(({ length }) => length >= SHORTEST_PART)
    .flatMap((secret) => [secret, Buffer.from(secret).toString("base64").replace(/=+$/, "")]);
  const isKnown = (text: string) => known.has(text) || parts.some((part) => text.includes(part));
  return {
    hides: (path, value) =>
      path.some(isSecretStep) ||
      hasSecretFlag(value) ||
      textsIn(value).some((text) => isKnown(text) || isSecretText(text)),
  };
}

/** Every text in a value, keys of maps included. */
export function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (isObject(value)) return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
  return value === null || value === undefined ? [] : [String(value)];
}

const SECRET_WORDS = new Set(
  ["password", "passwd", "passphrase", "pass", "pwd", "secret", "token", "key", "credential", "cred"]
    .flatMap((word) => [word, `${word}s`])
    .concat("cookie", "auth", "bearer", "salt", "dsn", "apikey", "kubeconfig"),
);

/** Fields of Kubernetes' own that name where a secret is, or that have such a word without being one. */
const NOT_SECRET = new Set([
  "secretKeyRef",
  "configMapKeyRef",
  "secretRef",
  "secretName",
  "secret",
  "imagePullSecrets",
  "automountServiceAccountToken",
  "serviceAccountToken",
  "topologyKey",
  "matchLabelKeys",
]);

/** Whether what is called so looks secret: `API_TOKEN`, `clientSecret`, `hub.db.password`. */
export function isSecretName(name: string): boolean {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").split(/[^A-Za-z0-9]+/);
  return words.some((word) => SECRET_WORDS.has(word.toLowerCase()));
}

/** A key alone is the key of a toleration, a selector or a reference. */
const isSecretStep = (step: FieldPath[number]): boolean => {
  const name = lastOf([step]);
  return name !== "key" && !NOT_SECRET.has(name) && isSecretName(name);
};

/** `["--api-token", "…"]`: arguments of which one is named by the one before it. */
const hasSecretFlag = (value: unknown) =>
  Array.isArray(value) &&
  value.some((item) => /^--?[\w-]+$/.test(String(item)) && isSecretName(String(item)));

/** A URL with a password, a key in PEM, a JSON Web Token, or a long random text. */
const SECRET_TEXTS = [
  /:\/\/[^/\s:@]*:[^/\s@]+@/,
  /-----BEGIN /,
  /\beyJ[\w-]{8,}\./,
  // A path of plain words is as long, and no random text.
  /^(?!\/?[a-z]+([/_-][a-z0-9]+)+\/?$)[A-Za-z0-9+/_=-]{32,}$/,
];

function isSecretText(text: string): boolean {
  if (SECRET_TEXTS.some((pattern) => pattern.test(text))) return true;
  const assigned = [...text.matchAll(/([\w.-]+)["']?\s*[=:]\s*[^\s=:]/g)].map(([, name = ""]) => name);
  return assigned.some((name) => name !== "key" && isSecretName(name));
}
