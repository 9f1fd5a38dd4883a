import { z } from "zod";
import { releaseTarget } from "../release/release-target.ts";

const target = {
  ...releaseTarget,
  /** A digest of what is released: it differs where the release will change. */
  change: z.string(),
};

const edit = z.object({
  kind: z.enum(["gone", "changed", "removed", "added"]),
  object: z.string(),
  field: z.string().optional(),
  manager: z.string().optional(),
  time: z.string().optional(),
});

/** The custom resource `ReleaseDrift`: finds what was edited of a release's objects, and puts it back. */
export const releaseDriftContract = {
  kind: "ReleaseDrift",
  inputs: z.object({
    ...target,
    /** Differences that stay, each with its reason. */
    accept: z
      .array(z.object({ object: z.string(), field: z.string().optional(), reason: z.string() }))
      .default([]),
  }),
  state: z.object({
    ...target,
    /** The revision that was deployed when this looked last. */
    revision: z.number(),
    /** Edits that are there: those that are accepted, and what a refresh found. Never a value. */
    edits: z.array(edit).default([]),
    /** What was put back last. */
    restored: z.array(edit).default([]),
    /** Fields of the manifest that the objects never had in that revision, by object. */
    missing: z.record(z.string(), z.array(z.string())).default({}),
  }),
};
