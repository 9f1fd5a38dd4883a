import type { Delegate } from "../../../components/cluster/declaration/delegate-schema.ts";
import { parsePlaceholder } from "../../../components/hub/values/image-placeholders.ts";
import { parseReference, parseRepository } from "../../../components/image/reference.ts";
import { isObject, type JsonObject } from "../../../components/json.ts";
import { LecternError } from "../../../components/problem/problem.ts";

type Limits = Delegate["limits"];

/**
 * What KubeSpawner starts in the user's own container, where the image already decides everything. All other settings give
 * rights, mount, place or run something beside it, so they are infrastructure's.
 */
const FREE = new Set([
  "args",
  "cmd",
  "default_url",
  "http_timeout",
  "notebook_dir",
  "start_timeout",
  "working_dir",
]);

const RESOURCES = new Set(["extra_resource_guarantees", "extra_resource_limits"]);

/** Settings that a delegate may decide if their values are within bounds. */
const BOUNDED = new Set([
  ...["cpu_guarantee", "cpu_limit", "environment", "image", "mem_guarantee", "mem_limit"],
  ...RESOURCES,
]);

/** The settings of an override that no delegate may decide, whatever their values. */
export const reservedSettings = (override: JsonObject = {}): string[] =>
  Object.keys(override).filter((name) => !FREE.has(name) && !BOUNDED.has(name));

/** What keeps an override from being a delegate's to decide, each a phrase such as `mem_limit 64G (at most 16G)`. */
export function settingsBeyond(override: JsonObject = {}, { limits, images }: Delegate): string[] {
  const bounded = Object.entries(override).filter(([name]) => BOUNDED.has(name));
  return [
    ...reservedSettings(override).map((name) => `the setting ${name}, which no delegate decides`),
    ...bounded.flatMap(([name, value]) => valueBeyond(name, value, limits, images)),
  ];
}

function valueBeyond(name: string, value: unknown, limits: Limits, images: readonly string[]): string[] {
  if (name === "image") return imageBeyond(value, images);
  if (name === "environment") return isTexts(value) ? [] : ["an environment that is not all text"];
  if (RESOURCES.has(name)) return resourcesBeyond(name, value, limits.resources);
  if (name.startsWith("cpu")) {
    const { cpu } = limits;
    return typeof value === "number" && cpu !== undefined && value <= cpu ? [] : [over(name, value, cpu)];
  }
  const { memory } = limits;
  const isWithin = memory !== undefined && bytesOf(value) <= bytesOf(memory);
  return isWithin ? [] : [over(name, value, memory)];
}

function resourcesBeyond(name: string, value: unknown, most: Limits["resources"]): string[] {
  if (!isObject(value)) return [over(name, value, undefined)];
  return Object.entries(value).flatMap(([resource, amount]) => {
    const limit = Object.hasOwn(most, resource) ? most[resource] : undefined;
    const isWithin = limit !== undefined && /^\d+$/.test(String(amount)) && Number(amount) <= limit;
    return isWithin ? [] : [over(`${name}.${resource}`, amount, limit)];
  });
}

/** What keeps an image from being used: it is not of an allowed repository. */
export function imageBeyond(image: unknown, allowed: readonly string[]): string[] {
  const named = typeof image === "string" ? repositoryOf(image) : undefined;
  return named !== undefined && isAllowed(named, allowed)
    ? []
    : [`the image ${shown(image)} (allowed: ${allowed.join(", ") || "none"})`];
}

/** What keeps an entry of images.yaml from being used. @param repositories as they are written there */
export const repositoriesBeyond = (repositories: readonly string[], allowed: readonly string[]): string[] =>
  repositories
    .filter((written) => !isAllowed(repositoryOf(written) ?? "", allowed))
    .map((written) => `the repository ${written} (allowed: ${allowed.join(", ") || "none"})`);

/** A repository in full, or the placeholder of an image that the catalog builds. */
function repositoryOf(image: string): string | undefined {
  if (parsePlaceholder(image)?.part === "reference") return image;
  return parsed(() => parseReference(image).repository);
}

function isAllowed(repository: string, allowed: readonly string[]): boolean {
  return allowed.some((pattern) => {
    if (parsePlaceholder(pattern)) return pattern === repository;
    const below = pattern.endsWith("/*") ? pattern.slice(0, -2) : undefined;
    // A host alone is no repository: `ghcr.io/*` has its own form.
    const whole = parsed(() => parseRepository(`${below ?? pattern}${below === undefined ? "" : "/x"}`));
    if (whole === undefined) return false;
    return below === undefined ? repository === whole : repository.startsWith(whole.slice(0, -1));
  });
}

function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof LecternError) return undefined;
    throw error;
  }
}

const isTexts = (value: unknown) =>
  isObject(value) && Object.values(value).every((one) => typeof one === "string");

/** JupyterHub's sizes in bytes; more than any limit for what is none. */
function bytesOf(value: unknown): number {
  if (typeof value === "number") return value;
  const [, number, suffix = ""] = /^(\d+(?:\.\d+)?)([KMGT])$/.exec(String(value)) ?? [];
  return number === undefined
    ? Number.POSITIVE_INFINITY
    : Number(number) * 1024 ** (1 + "KMGT".indexOf(suffix));
}

const over = (name: string, value: unknown, most: unknown) =>
  `${name} ${shown(value)} (${most === undefined ? "none may be set" : `at most ${most}`})`;

const shown = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
