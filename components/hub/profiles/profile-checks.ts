import { isObject, type JsonObject } from "../../json.ts";
import { didYouMean } from "../../problem/nearest.ts";
import type { Problem } from "../../problem/problem.ts";
import { KUBESPAWNER_TRAITS, RENAMED_TRAITS } from "./kubespawner-traits.ts";
import {
  digestFaults,
  fixedImagesInOverride,
  imagesInOverride,
  type OverrideImage,
} from "./override-images.ts";
import type { Profile, ProfileOption, ProfilesFile } from "./profiles-file.ts";

type Path = readonly PropertyKey[];
type Report = ProfilesFile["problem"];

/** Every problem that a schema can't see: override keys, defaults, regular expressions, placeholders. */
export function checkProfiles(file: ProfilesFile): Problem[] {
  const { profiles, problem } = file;
  return [
    ...severalDefaults(profiles, [], "profile", problem),
    ...profiles.flatMap((profile, index) => checkProfile(profile, index, problem)),
  ];
}

function checkProfile(profile: Profile, index: number, report: Report): Problem[] {
  const problems = checkOverride(profile.kubespawner_override, [index, "kubespawner_override"], report);
  if (Array.isArray(profile.images)) {
    const written = profile.images.map((image) => (typeof image === "string" ? {} : image));
    problems.push(...severalDefaults(written, [index, "images"], "image", report));
  }
  if (profile.images !== undefined && profile.kubespawner_override?.["image"] !== undefined) {
    problems.push(
      report([index, "kubespawner_override", "image"], {
        code: "two-images",
        message: "the profile names its image here and again under images",
        remedy: "Keep one of them",
      }),
    );
  }
  for (const [key, option] of Object.entries(profile.profile_options ?? {})) {
    problems.push(...checkOption(option, [index, "profile_options", key], report));
  }
  return problems;
}

function checkOption(option: ProfileOption, path: Path, report: Report): Problem[] {
  const problems: Problem[] = [];
  for (const [key, choice] of Object.entries(option.choices ?? {})) {
    const at = [...path, "choices", key, "kubespawner_override"];
    problems.push(...checkOverride(choice.kubespawner_override, at, report));
  }
  return [...problems, ...checkUnlisted(option, [...path, "unlisted_choice"], report)];
}

function checkUnlisted({ unlisted_choice: unlisted }: ProfileOption, path: Path, report: Report): Problem[] {
  if (unlisted === undefined) return [];
  const at = [...path, "kubespawner_override"];
  const problems = checkTraits(unlisted.kubespawner_override, at, report);
  const fault = unlisted.validation_regex === undefined ? undefined : regexFault(unlisted.validation_regex);
  if (fault !== undefined) {
    problems.push(
      report([...path, "validation_regex"], {
        code: "malformed-regex",
        message: `this is not a regular expression: ${fault}`,
        remedy: "Use the syntax of Python's re module",
      }),
    );
  }
  if (!unlisted.enabled) return problems;
  problems.push(...checkImages(fixedImagesInOverride(unlisted.kubespawner_override), at, report));
  if (unlisted.display_name === undefined) problems.push(report([...path, "display_name"], REQUIRED));
  if (!mentionsValue(unlisted.kubespawner_override)) {
    problems.push(
      report(at, {
        code: "missing-placeholder",
        message: "the user's text is not used: no setting contains {value}",
        remedy: 'Put {value} where it belongs, as in image: "registry.example/lab:{value}"',
      }),
    );
  }
  return problems;
}

/** Traits that say on which nodes a pod runs. A preference is none: it forbids no node. */
const PLACEMENT = new Set(["node_selector", "tolerations", "node_affinity_required"]);

function checkOverride(override: JsonObject | undefined, path: Path, report: Report): Problem[] {
  return [...checkTraits(override, path, report), ...checkImages(imagesInOverride(override), path, report)];
}

/** Nodes hold images ready by their digests alone. */
function checkImages(images: readonly OverrideImage[], path: Path, report: Report): Problem[] {
  return images.flatMap(({ path: inner, image }) =>
    digestFaults(image).map(({ code, message, remedy }) =>
      report([...path, ...inner], { code, message, remedy }),
    ),
  );
}

function checkTraits(override: JsonObject | undefined, path: Path, report: Report): Problem[] {
  return Object.keys(override ?? {}).flatMap((key) => {
    if (PLACEMENT.has(key)) return [report([...path, key], ownPlacement(key))];
    return KUBESPAWNER_TRAITS.has(key) ? [] : [report([...path, key], unknownTrait(key))];
  });
}

const ownPlacement = (key: string) => ({
  code: "own-placement",
  message: `${key} would start the pod on nodes that do not have its image ready`,
  remedy: "Use node_groups: the nodes that a profile runs on also get its images",
});

function unknownTrait(key: string) {
  const renamed = RENAMED_TRAITS.get(key) ?? snakeCase(key);
  return {
    code: "unknown-key",
    message: `KubeSpawner has no setting ${JSON.stringify(key)}, and ignores it without a warning`,
    remedy: KUBESPAWNER_TRAITS.has(renamed)
      ? `Did you mean ${JSON.stringify(renamed)}?`
      : didYouMean(key, KUBESPAWNER_TRAITS, "See the traits of KubeSpawner"),
  };
}

function severalDefaults(
  entries: readonly { readonly default?: boolean | undefined }[],
  path: Path,
  what: string,
  report: Report,
): Problem[] {
  const defaults = entries.flatMap((entry, index) => (entry.default === true ? [index] : []));
  return defaults.slice(1).map((index) => report([...path, index, "default"], secondDefault(what)));
}

export const secondDefault = (what: string) => ({
  code: "several-defaults",
  message: `a second ${what} is the default here`,
  remedy: `Keep default: true at one ${what}`,
});

/** What is wrong with a regular expression of Python's, as far as JavaScript's can tell. */
function regexFault(source: string): string | undefined {
  const translated = source
    .replace(/^\(\?[aiLmsux]+\)/, "")
    .replaceAll("(?P<", "(?<")
    .replace(/\(\?P=(\w+)\)/g, "\\k<$1>")
    .replaceAll("\\A", "^")
    .replaceAll("\\Z", "$");
  try {
    new RegExp(translated);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^.*: /, "") : String(error);
  }
}

function mentionsValue(value: unknown): boolean {
  if (typeof value === "string") return value.includes("{value}");
  if (Array.isArray(value)) return value.some(mentionsValue);
  return isObject(value) && Object.values(value).some(mentionsValue);
}

const snakeCase = (key: string) => key.replace(/[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`);

export const REQUIRED = { code: "missing-field", message: "required", remedy: "Add it as a string" };
