import { z } from "zod";
import { LecternError } from "../../problem/problem.ts";
import { parseYaml } from "../../problem/yaml-file.ts";
import { zodProblems } from "../../problem/zod.ts";
import { FORM_NAMES } from "../tags/immutable-forms.ts";
import type { UnnamedTag } from "../tags/tag.ts";
import { parseTag, scanTag } from "../tags/tag-grammar.ts";

const tagText = z.string().min(1).max(128);

/** `4w 2d`, `90d`, `36h`, or a number of days, in milliseconds. */
const age = z
  .union([
    z.number().positive(),
    z.string().regex(/^\s*(\d+\s*[wdh]\s*)+$/i, "expected an age such as 30d, 8w or 1w 3d"),
  ])
  .transform(milliseconds);

const count = z
  .number()
  .refine((value) => Number.isInteger(value) && value >= 0, "expected a count, 0 or more");

/** The kinds of tags that rules pick, and what an example of one looks like. */
const KINDS = {
  release: "r22_0_1",
  weekly: "w_2026_05",
  daily: "d_2026_02_14",
  candidate: "r22_0_1_rc1",
} as const;

/** A tag of a kind: none that is older is picked, of the same version none of an earlier build. */
const oldest = (kind: keyof typeof KINDS) =>
  z
    .string()
    .transform((text) => scanTag(text))
    .refine((tag) => tag.kind === kind, `expected the tag of a ${kind}, such as ${KINDS[kind]}`)
    .describe(
      `A tag such as ${KINDS[kind]}: none that is older is picked, nor an earlier build of the same, such as ${KINDS[kind]}_rsp18 where this is ${KINDS[kind]}_rsp19`,
    );

/** How many of a kind are picked, and which not. */
export interface Picked {
  readonly count: number;
  readonly oldest?: UnnamedTag | undefined;
  /** Milliseconds. */
  readonly maximumAge?: number | undefined;
}

const asPicked = (value: number | Picked): Picked => (typeof value === "number" ? { count: value } : value);

/** The tags of releases and candidates have no date. */
const versioned = (kind: "release" | "candidate", fallback: number) =>
  z
    .union([count, z.strictObject({ count, oldest: oldest(kind).optional() })])
    .transform(asPicked)
    .prefault(fallback);

const dated = (kind: "weekly" | "daily", fallback: number) => {
  const limits = {
    count,
    oldest: oldest(kind).optional(),
    maximumAge: age.optional().describe("Pick none that is older. Default: the policy's own"),
  };
  return z
    .union([count, z.strictObject(limits)])
    .transform(asPicked)
    .prefault(fallback);
};

/** `22.0.1`, `r22.0.1` or `r22_0_1`, as the tag of a release; parts that are missing are 0. */
const version = z
  .string({
    error: ({ input }) =>
      typeof input === "number"
        ? 'this is read as a number, which loses its zeros: write it in quotes, such as "22.0"'
        : undefined,
  })
  .regex(/^r?\d+([._]\d+){0,2}$/, "expected the version of a release such as 22.0.1 or r22_0_1")
  .transform((text) => parseTag(`r${padded(text.replace(/^r/, "").split(/[._]/))}`))
  .transform((tag, context) => {
    if (tag.kind === "release") return tag.version;
    context.addIssue("expected the version of a release such as 22.0.1");
    return z.NEVER;
  });

/** A cycle as a number, or as tags write it: `45`, `"0045"`, `c0045`. */
const cycle = z
  .union([z.int().min(0), z.string().regex(/^c?\d{1,9}$/, "expected a cycle such as 45")])
  .transform((value) => (typeof value === "number" ? value : Number(value.replace("c", ""))));

/** `version`, `date`, `commit`, or a regular expression that matches whole tags. */
const immutableForm = z
  .string()
  .min(1)
  .refine(isExpression, `expected one of ${FORM_NAMES.join(", ")}, or a regular expression`);

function isExpression(form: string): boolean {
  try {
    return new RegExp(`^(?:${form})$`, "u") !== undefined;
  } catch {
    return false;
  }
}

/**
 * Which images of a repository a hub offers and holds ready. What a person names (the recommended
 * tag, pins) is always in; what a rule picks is the newest of its kind that the cycle, the age and
 * the version allow.
 */
export const imagePolicy = z.strictObject({
  recommended: tagText
    .optional()
    .describe(
      "The alias, or the tag itself, that heads the menu. Default: `recommended`, where that tag exists",
    ),
  releases: versioned("release", 1).describe(
    "How many releases, newest first; or `count`, and the `oldest` that is picked",
  ),
  weeklies: dated("weekly", 2).describe(
    "How many weeklies, newest first; or `count`, and the `oldest` or the `maximumAge` of those that are picked",
  ),
  dailies: dated("daily", 3).describe("How many dailies, newest first, or as `weeklies`"),
  candidates: versioned("candidate", 0).describe(
    "How many release candidates, newest first, or as `releases`",
  ),
  cycle: cycle.optional().describe("Pick only tags of this SAL cycle"),
  minimumVersion: version.optional().describe("Pick no release or candidate below this version"),
  minimumBuild: z
    .int()
    .min(0)
    .optional()
    .describe("Pick only tags of this or a later build of the platform, such as 19 for `_rsp19`"),
  maximumAge: age.optional().describe("Pick no weekly or daily that is older: 30d, 8w, or days as a number"),
  pin: z.array(tagText).default([]).describe("Tags that are selected whatever their age or cycle"),
  immutable: z
    .array(immutableForm)
    .default([...FORM_NAMES])
    .describe(
      "Tags that name one image for good, beside releases, weeklies and the like: `version`, `date`, `commit`, or regular expressions for whole tags. None of them is moved, and only one of them can be recommended where an alias is moved. Default: the three named",
    ),
});

/** A policy as it is written. */
export type ImagePolicyInput = z.input<typeof imagePolicy>;
/** A policy, checked: the cycle a number, the age in milliseconds, the version as numbers. */
export type ImagePolicy = z.output<typeof imagePolicy>;

/** @throws {LecternError} with every problem of the policy, each with its key and line */
export function readPolicy(text: string, file: string): ImagePolicy {
  const { value, problems, locate } = parseYaml(text, file);
  if (problems.length > 0) throw new LecternError(problems);
  const parsed = imagePolicy.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw new LecternError(zodProblems(parsed.error, { file, locate, known: policyKeys }));
}

/** The keys that an object may have at a path of a policy. */
export function policyKeys(path: readonly PropertyKey[]): string[] {
  if (path.length === 0) return Object.keys(imagePolicy.shape);
  return ["count", "oldest", ...(/^(weeklies|dailies)$/.test(String(path[0])) ? ["maximumAge"] : [])];
}

const HOUR = 3_600_000;
const UNITS: Readonly<Record<string, number>> = { h: HOUR, d: 24 * HOUR, w: 7 * 24 * HOUR };

function milliseconds(value: number | string): number {
  if (typeof value === "number") return value * 24 * HOUR;
  let sum = 0;
  for (const [, amount, unit] of value.matchAll(/(\d+)\s*([wdh])/gi)) {
    sum += Number(amount) * (UNITS[unit?.toLowerCase() ?? ""] ?? 0);
  }
  return sum;
}

const padded = (parts: readonly string[]) => [...parts, "0", "0"].slice(0, 3).join("_");
