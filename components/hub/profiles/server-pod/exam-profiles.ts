import { isObject, type JsonObject } from "../../../json.ts";

/** What every server of a hub may take where its profile does not say, as KubeSpawner's settings. */
export interface HubLimits {
  readonly cpu_limit?: unknown;
  readonly mem_limit?: unknown;
}

/** Each limit with the guarantee that an exam makes equal to it. */
const GUARANTEES = [
  ["cpu_limit", "cpu_guarantee"],
  ["mem_limit", "mem_guarantee"],
] as const;

/**
 * The profiles that a hub offers in an exam: those that are named, in their order, each with all that it may take
 * guaranteed. What has no limit has no guarantee either. Applied again, it changes nothing.
 * @param list KubeSpawner's `profile_list`
 * @param offered slugs
 * @param limits those of the hub
 * @returns the list, and the slugs that it has no profile for
 */
export function examProfiles(
  list: readonly JsonObject[],
  offered: readonly string[],
  limits: HubLimits = {},
): { readonly list: readonly JsonObject[]; readonly missing: readonly string[] } {
  const kept = list.filter(({ slug }) => typeof slug === "string" && offered.includes(slug));
  const hasDefault = kept.some((profile) => profile["default"] === true);
  return {
    list: kept.map((profile, index) => guaranteed(profile, limits, !hasDefault && index === 0)),
    missing: offered.filter((slug) => !kept.some((profile) => profile["slug"] === slug)),
  };
}

/** The settings of a server in an exam: all that it may take is guaranteed. @param settings the hub's, the profile's and its choices' */
export const examSettings = (settings: JsonObject): JsonObject => withGuarantees(settings, settings);

function guaranteed(profile: JsonObject, limits: HubLimits, isDefault: boolean): JsonObject {
  const own = overrideOf(profile);
  const override = withGuarantees(own, { ...limits, ...own });
  const { profile_options: options } = profile;
  return {
    ...profile,
    ...(isDefault ? { default: true } : {}),
    ...(Object.keys(override).length > 0 ? { kubespawner_override: override } : {}),
    ...(isObject(options)
      ? { profile_options: mapped(options, (option) => optionOf(option, { ...limits, ...own })) }
      : {}),
  };
}

/** A choice of an option replaces what its profile has, so it gets its own guarantee where it sets a limit. */
function optionOf(option: unknown, limits: HubLimits): unknown {
  if (!isObject(option) || !isObject(option["choices"])) return option;
  const choices = mapped(option["choices"], (choice) => {
    const own = overrideOf(choice);
    if (!isObject(choice) || !GUARANTEES.some((names) => names.some((name) => Object.hasOwn(own, name))))
      return choice;
    return { ...choice, kubespawner_override: withGuarantees(own, { ...limits, ...own }) };
  });
  return { ...option, choices };
}

function withGuarantees(own: JsonObject, effective: JsonObject): JsonObject {
  const equal = GUARANTEES.flatMap(([limit, guarantee]) =>
    isSet(effective[limit]) ? [[guarantee, effective[limit]] as const] : [],
  );
  return { ...own, ...Object.fromEntries(equal) };
}

const isSet = (value: unknown) => value !== undefined && value !== null;

function overrideOf(holder: unknown): JsonObject {
  const override = isObject(holder) ? holder["kubespawner_override"] : undefined;
  return isObject(override) ? override : {};
}

const mapped = (object: JsonObject, change: (value: unknown) => unknown): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
