import type { Ordered, OrderedMap } from "./helm-order.ts";

/**
 * A profile list as KubeSpawner 7 completes it before a template sees it: a default choice in each option, a default
 * profile, and an unlisted choice that says whether it is offered. Its slugs are there already.
 */
export function initialized(list: readonly OrderedMap[]): OrderedMap[] {
  const profiles = list.map((profile) => {
    const options = profile.get("profile_options");
    return isMap(options)
      ? withEntry(profile, "profile_options", mapped(options, initializedOption))
      : profile;
  });
  const [first, ...rest] = profiles;
  if (first === undefined || profiles.some((profile) => profile.get("default") === true)) return profiles;
  return [withEntry(first, "default", true), ...rest];
}

function initializedOption(option: Ordered): Ordered {
  if (!isMap(option)) return option;
  const choices = option.get("choices");
  const unlisted = option.get("unlisted_choice");
  const complete = isMap(choices) ? withEntry(option, "choices", withDefault(choices)) : option;
  return withEntry(complete, "unlisted_choice", initializedUnlisted(isMap(unlisted) ? unlisted : new Map()));
}

function withDefault(choices: OrderedMap): OrderedMap {
  const [first] = choices;
  const isSaid = [...choices.values()].some((choice) => isMap(choice) && choice.get("default") === true);
  if (first === undefined || isSaid || !isMap(first[1])) return choices;
  return withEntry(choices, first[0], withEntry(first[1], "default", true));
}

function initializedUnlisted(unlisted: OrderedMap): OrderedMap {
  const said = unlisted.has("enabled") ? unlisted : withEntry(unlisted, "enabled", false);
  if (said.get("enabled") !== true || said.has("display_name_in_choices")) return said;
  return withEntry(said, "display_name_in_choices", "Other...");
}

export const isMap = (value: Ordered | undefined): value is OrderedMap => value instanceof Map;

const withEntry = (map: OrderedMap, key: string, value: Ordered): OrderedMap =>
  new Map([...map, [key, value]]);

const mapped = (map: OrderedMap, change: (value: Ordered) => Ordered): OrderedMap =>
  new Map([...map].map(([key, value]) => [key, change(value)]));
