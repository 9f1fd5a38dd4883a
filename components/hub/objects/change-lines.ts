import type { FieldChange, HubChanges, ObjectChange } from "./hub-changes.ts";
import { limited, valueLines } from "./value-lines.ts";

/** How many objects are listed by themselves; those of a first installation are counted by kind. */
const MOST_OBJECTS = 20;

/**
 * A hub's changes for people: what they are, object by object, and what users notice.
 *
 * ```text
 * hub campus/staging: 2 objects
 *   Deployment hub: env JUPYTERHUB_LOG_LEVEL INFO → DEBUG
 *   ConfigMap hub: +1 key (extra.py)
 *   the hub restarts: spawning stops for about 10 s; 41 running servers go on
 * ```
 */
export function changeLines(changes: HubChanges): string[] {
  const { hub, notCompared, objects, relabelled = 0, values, effects } = changes;
  const noticed = [...effects.map(({ text }) => text)];
  return [
    `hub ${hub}: ${summary(changes)}`,
    ...(notCompared === undefined ? [] : [`objects were not compared: ${notCompared}`]),
    ...objectLines(objects),
    ...(relabelled === 0 ? [] : [`${counted(relabelled, "more object")}: labels of the chart's version`]),
    ...valueLines(values),
    ...(noticed.length === 0 ? [] : [noticed.join("; ")]),
  ].map((line, index) => (index === 0 ? line : `  ${line}`));
}

function summary({ notCompared, objects, values }: HubChanges): string {
  return notCompared === undefined ? counted(objects.length, "object") : counted(values.length, "value");
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

function objectLines(objects: readonly ObjectChange[]): string[] {
  if (objects.length <= MOST_OBJECTS) return objects.map(objectLine);
  const groups = Map.groupBy(objects, ({ change }) => change);
  return [...groups].flatMap(([change, group]) => {
    if (change === "changed") return [...group.slice(0, MOST_OBJECTS).map(objectLine), ...more(group.length)];
    const kinds = Map.groupBy(group, ({ kind }) => kind);
    return `${change}: ${[...kinds].map(([kind, { length }]) => `${length} ${kind}`).join(", ")}`;
  });
}

const more = (length: number) => (length > MOST_OBJECTS ? [`and ${length - MOST_OBJECTS} more objects`] : []);

function objectLine({ kind, name, hook, change, fields }: ObjectChange): string {
  const object = `${kind} ${name}${hook ? " (hook)" : ""}`;
  if (change !== "changed") return `${object}: ${change}`;
  return `${object}: ${limited([...new Set([...keyTexts(fields), ...otherTexts(fields)])])}`;
}

const KEY = /^(\+|-)?key /;

/** `+2 keys (a, b)`: keys that come and go are counted, and named. */
function keyTexts(fields: readonly FieldChange[]): string[] {
  return ["+", "-"].flatMap((sign) => {
    const names = fields.flatMap(({ text }) => (text.startsWith(`${sign}key `) ? [text.slice(5)] : []));
    return names.length === 0 ? [] : [`${sign}${counted(names.length, "key")} (${limited(names)})`];
  });
}

const otherTexts = (fields: readonly FieldChange[]) =>
  fields.map(({ text }) => text).filter((text) => KEY.exec(text)?.[1] === undefined);
