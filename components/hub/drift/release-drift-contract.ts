import { z } from "zod";
import { releaseChange } from "../release/release-target.ts";

const edit = z.object({
  kind: z.enum(["gone", "changed", "removed", "added"]),
  object: z.string(),
  field: z.string().optional(),
  manager: z.string().optional(),
  time: z.string().optional(),
});

/** Begins the warning that a release could not be compared. */
export const NOT_LOOKED_FOR = "drift was not looked for: ";

/** The custom resource `ReleaseDrift`: finds what was edited of a release's objects, and puts it back. */
export const releaseDriftContract = {
  kind: "ReleaseDrift",
  inputs: z.object({
    ...releaseChange,
    /** Differences that stay, each with its reason. */
    accept: z
      .array(z.object({ object: z.string(), field: z.string().optional(), reason: z.string() }))
      .default([]),
    /** Whether the hub is held: what was edited is named then, and not put back. */
    held: z.boolean().default(false),
  }),
  state: z.object({
    ...releaseChange,
    /** The revision that was deployed when this looked last. */
    revision: z.number(),
    /** Edits that are there: those that are accepted, those of a hub that is held, and what a refresh found. Never a value. */
    edits: z.array(edit).default([]),
    /** What was put back last. */
    restored: z.array(edit).default([]),
    /** Fields of the manifest that the objects never had in that revision, by object. */
    missing: z.record(z.string(), z.array(z.string())).default({}),
  }),
};
