import type { JsonObject } from "../../json.ts";
import { didYouMean } from "../../problem/nearest.ts";
import type { Problem } from "../../problem/problem.ts";
import {
  digestFaults,
  fixedImagesInOverride,
  imagesInOverride,
  type OverrideImage,
} from "./images/override-images.ts";
import type { Profile, ProfileOption, ProfilesFile } from "./profiles-file.ts";
import { KUBESPAWNER_TRAITS, RENAMED_TRAITS } from "./traits/kubespawner-traits.ts";
import { traitFault } from "./traits/trait-values.ts";
import { unlistedFaults } from "./unlisted-choice.ts";

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
  return [...problems, ...checkUnlisted(option, path, report)];
}

/** KubeSpawner's page knows an unlisted choice by this key. */
const UNLISTED_KEY = "unlisted-choice";

function checkUnlisted(option: ProfileOption, path: Path, report: Report): Problem[] {
  const { unlisted_choice: unlisted, choices = {} } = option;
  if (unlisted === undefined) return [];
  const at = [...path, "unlisted_choice", "kubespawner_override"];
  const problems = [
    ...checkTraits(unlisted.kubespawner_override, at, report),
    ...unlistedFaults(unlisted).map(({ path: inner, ...fault }) =>
      report([...path, "unlisted_choice", ...inner], fault),
    ),
  ];
  if (!unlisted.enabled) return problems;
  problems.push(...checkImages(fixedImagesInOverride(unlisted.kubespawner_override), at, report));
  if (Object.hasOwn(choices, UNLISTED_KEY))
    problems.push(report([...path, "choices", UNLISTED_KEY], RESERVED_KEY));
  return problems;
}

const RESERVED_KEY = {
  code: "reserved-key",
  message: `KubeSpawner's page takes the choice "${UNLISTED_KEY}" for the field of the unlisted choice`,
  remedy: "Give the choice another key",
};

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
  return Object.entries(override ?? {}).flatMap(([key, value]) => {
    if (PLACEMENT.has(key)) return [report([...path, key], ownPlacement(key))];
    const kind = KUBESPAWNER_TRAITS.get(key);
    if (kind === undefined) return [report([...path, key], unknownTrait(key))];
    const fault = traitFault(key, kind, value);
    return fault ? [report([...path, key], fault)] : [];
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
      : didYouMean(key, KUBESPAWNER_TRAITS.keys(), "See the traits of KubeSpawner"),
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

const snakeCase = (key: string) => key.replace(/[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`);
