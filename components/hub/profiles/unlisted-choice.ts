import { isObject, type JsonObject } from "../../json.ts";
import type { Problem } from "../../problem/problem.ts";
import type { ProfileOption } from "./profiles-file.ts";
import { regexFault } from "./python-regex/regex.ts";

type Unlisted = NonNullable<ProfileOption["unlisted_choice"]>;

/** Something that is wrong with an unlisted choice, its path counted from there. */
export interface UnlistedFault extends Pick<Problem, "code" | "message" | "remedy"> {
  readonly path: readonly PropertyKey[];
}

export const REQUIRED = { code: "missing-field", message: "required", remedy: "Add it as a string" };

/** What keeps an unlisted choice from working, beyond the values of its traits. */
export function unlistedFaults(unlisted: Unlisted): UnlistedFault[] {
  const { enabled, validation_regex: regex, kubespawner_override: override = {} } = unlisted;
  const faults: UnlistedFault[] = [];
  const reason = regex === undefined ? undefined : regexFault(regex);
  if (reason !== undefined) faults.push(malformedRegex(reason));
  if (!enabled) return faults;
  if (unlisted.display_name === undefined) faults.push({ path: ["display_name"], ...REQUIRED });
  for (const [path, text] of templatesIn(override)) {
    if (!TEMPLATE.test(text)) faults.push(malformedTemplate(path, text));
  }
  if (!templatesIn(override).some(([, text]) => text.includes("{value}"))) faults.push(UNUSED);
  return faults;
}

/** Python's format strings, as far as KubeSpawner can fill them in: names in braces, and doubled braces. */
const TEMPLATE = /^(?:[^{}]|\{\{|\}\}|\{[A-Za-z_]\w*\})*$/;

/** Every text that KubeSpawner fills in: values at any depth, and keys below those of the traits. */
function templatesIn(override: JsonObject): [path: PropertyKey[], text: string][] {
  return Object.entries(override).flatMap(([trait, value]) =>
    textsIn(value, ["kubespawner_override", trait]),
  );
}

function textsIn(value: unknown, path: PropertyKey[]): [PropertyKey[], string][] {
  if (typeof value === "string") return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]): [PropertyKey[], string][] => [
    [[...path, key], key],
    ...textsIn(item, [...path, key]),
  ]);
}

const malformedRegex = (reason: string): UnlistedFault => ({
  path: ["validation_regex"],
  code: "malformed-regex",
  message: `this is not a regular expression of Python: ${reason}`,
  remedy: "Use the syntax of Python's re module",
});

const malformedTemplate = (path: readonly PropertyKey[], text: string): UnlistedFault => ({
  path,
  code: "malformed-template",
  message: `KubeSpawner can't fill in ${JSON.stringify(text)}, so no server with this choice would start`,
  remedy: "Write {value} for the user's text, and {{ or }} for a brace",
});

const UNUSED: UnlistedFault = {
  path: ["kubespawner_override"],
  code: "missing-placeholder",
  message: "the user's text is not used: no setting contains {value}",
  remedy: 'Put {value} where it belongs, as in image: "registry.example/lab:{value}"',
};
