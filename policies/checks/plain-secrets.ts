import { leavesOf, pathText, type Resource } from "../resource.ts";

/** Names of properties that hold a secret itself, as charts and programs have them. */
const SECRET =
  /(password|passwd|passphrase|secret|token|credentials?|(api|access|private|crypt|secret)_?key)$/i;
/** These name where a secret is. */
const PLACE = /(existing|pull|image)_?secret$/i;

/** Values that are a secret by their form, whatever they are called. */
const FORMS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{40})/,
  /\bglpat-[\w-]{20}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bxox[abprs]-[\w-]{10}/,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10}/,
];

/** What the engine shows in a file instead of a secret that it can't decrypt. */
const MASKED = "[secret]";

/**
 * Properties that hold a secret and are kept in plain: in the state, where everybody reads them who may read it.
 * @param isSecret whether a value is one that the engine encrypts
 */
export function plainSecrets({ props, type }: Resource, isSecret: (value: unknown) => boolean): string[] {
  return leavesOf(props, isSecret)
    .filter(({ text }) => text !== "" && text !== MASKED)
    .filter(({ path, text }) => isNamed(type, path) || FORMS.some((form) => form.test(text)))
    .map(
      ({ path }) =>
        `${pathText(path)} is a secret that is kept in plain: give it as one, such as by lectern:hubSecrets or \`pulumi config set --secret\``,
    );
}

function isNamed(type: string, path: readonly string[]): boolean {
  const key = path.findLast((one) => !/^\d+$/.test(one)) ?? "";
  if (type === "kubernetes:core/v1:Secret") return path[0] === "data" || path[0] === "stringData";
  return SECRET.test(key) && !PLACE.test(key);
}
