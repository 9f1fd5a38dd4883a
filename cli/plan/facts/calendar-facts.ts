import { readdirSync } from "node:fs";
import { posix } from "node:path";
import { isObject } from "../../../components/json.ts";
import type { CalendarFacts, CalendarTargets } from "../../../plan/deployment/catalog-facts.ts";
import { quickYaml, Unreadable } from "./quick-yaml.ts";

/** Gives the text of a file by its path from the repository's root; undefined where there is none. */
type Read = (path: string) => string | undefined;

const YAML = /\.ya?ml$/;

/**
 * What events name, in the change and in its base. An ICS file concerns what the YAML files name that take events
 * from it.
 * @param root the repository's
 * @param folder `calendar/` of the catalog, from there
 */
export function calendarFacts(root: string, folder: string, read: Read, before?: Read): CalendarFacts {
  const texts = (path: string) => [read(path), before?.(path)].flatMap((text) => text ?? []);
  return {
    folder,
    targets: (path) => {
      try {
        if (YAML.test(path)) return targetsIn(texts(path), path);
        if (!/\.ics$/i.test(path)) return undefined;
        const naming = yamlFiles(root, folder).filter((file) =>
          texts(file).some((text) => text.includes(posix.basename(path))),
        );
        return targetsIn(naming.flatMap(texts), path);
      } catch (error) {
        // What it named can't be told, so everything is planned.
        if (error instanceof Unreadable) return undefined;
        throw error;
      }
    },
  };
}

function yamlFiles(root: string, folder: string): string[] {
  try {
    return readdirSync(posix.join(root, folder))
      .filter((name) => YAML.test(name))
      .map((name) => posix.join(folder, name));
  } catch {
    return [];
  }
}

function targetsIn(texts: readonly string[], file: string): CalendarTargets {
  const values = texts.map((text) => quickYaml(text, file));
  return { hubs: valuesOf("hub", values), courses: valuesOf("course", values) };
}

/** The texts that a key has anywhere. */
function valuesOf(key: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => valuesOf(key, one));
  if (!isObject(value)) return [];
  const own = value[key];
  return [
    ...(typeof own === "string" ? [own] : []),
    ...Object.values(value).flatMap((one) => valuesOf(key, one)),
  ];
}
