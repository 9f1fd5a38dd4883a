import type { ValueChange } from "./hub-changes.ts";

/** How many values are listed of a hub; `--json` has all of them. */
const MOST = 6;

/**
 * The changed values of a hub for people. A profile is called so, with the choice that changes, and profiles that
 * change alike are one line:
 *
 * ```text
 * profiles standard, large-memory: image Recommended: Weekly 2026_09 → Weekly 2026_10
 * values: singleuser.memory.limit 4G → 8G
 * ```
 */
export function valueLines(values: readonly ValueChange[]): string[] {
  const ofProfiles = Map.groupBy(values.flatMap(profileValue), ({ profile }) => profile);
  const texts = [...ofProfiles].map(([profile, found]) => [profile, limited(profileTexts(found))] as const);
  const alike = Map.groupBy(texts, ([, text]) => text);
  const rest = values.filter((value) => profileValue(value).length === 0).map((value) => valueText(value));
  return [
    ...[...alike].map(([text, profiles]) => {
      const names = profiles.map(([profile]) => profile).join(", ");
      return `profile${profiles.length === 1 ? "" : "s"} ${names}: ${text}`;
    }),
    ...(rest.length === 0 ? [] : [`values: ${limited(rest)}`]),
  ];
}

/** The first of the texts, and how many more there are. */
export function limited(texts: readonly string[]): string {
  const listed = texts.slice(0, MOST).join(", ");
  return texts.length <= MOST ? listed : `${listed} and ${texts.length - MOST} more`;
}

/** A value of a profile, by where it is in it. */
interface ProfileValue {
  readonly profile: string;
  /** `image recommended`: the option and its choice; empty where it is the profile's own. */
  readonly choice: string;
  readonly option: string;
  /** Its path from there: `display_name`, `mem_limit`. */
  readonly field: string;
  readonly value: ValueChange;
}

const PROFILE = /^singleuser\.profileList\[([^\]]+)\]\.(.+)$/;
const CHOICE = /^profile_options\.([\w-]+)\.choices\.([\w-]+)\.(.+)$/;

function profileValue(value: ValueChange): ProfileValue[] {
  const [, profile, path] = PROFILE.exec(value.path) ?? [];
  if (profile === undefined || path === undefined) return [];
  const [, option = "", name = "", inner = path] = CHOICE.exec(path) ?? [];
  const field = inner.replace(/^kubespawner_override\./, "");
  return [{ profile, option, choice: `${option} ${name}`.trim(), field, value }];
}

function profileTexts(values: readonly ProfileValue[]): string[] {
  return [...Map.groupBy(values, ({ choice }) => choice).values()].flatMap(choiceTexts);
}

/** A choice that people know by its name is called by it, and what is behind the name is left out. */
function choiceTexts(values: readonly ProfileValue[]): string[] {
  const [first] = values;
  const name = values.find(({ choice, field }) => choice !== "" && field === "display_name");
  if (first === undefined) return [];
  const { before, after, change } = name?.value ?? {};
  if (name && change === "changed" && before !== undefined && after !== undefined)
    return [`${name.option} ${renamed(before, after)}`];
  if (name && change === "added" && after !== undefined) return [`${name.option} +${after}`];
  if (name && change === "removed" && before !== undefined) return [`${name.option} -${before}`];
  return values.map(({ choice, field, value }) =>
    valueText(value, choice === "" ? field : `${choice} ${field}`),
  );
}

/** `Recommended (A)` and `Recommended (B)` are one choice, which leads to another image. */
function renamed(before: string, after: string): string {
  const [[, old, from], [, now, to]] = [LEADS.exec(before) ?? [], LEADS.exec(after) ?? []];
  return old !== undefined && old === now ? `${old}: ${from} → ${to}` : `${before} → ${after}`;
}

const LEADS = /^(.+) \((.+)\)$/;

function valueText({ path, change, before, after }: ValueChange, called = path): string {
  if (change === "added") return after === undefined ? `+${called}` : `${called} unset → ${after}`;
  if (change === "removed") return before === undefined ? `-${called}` : `${called} ${before} → unset`;
  return before === undefined || after === undefined || before === after
    ? `${called} changed`
    : `${called} ${before} → ${after}`;
}
