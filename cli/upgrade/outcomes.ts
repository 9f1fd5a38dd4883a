import type { Outcome } from "../outcome.ts";

/** How `lectern upgrade` ends. */
export const UPGRADE_OUTCOMES: Readonly<Record<string, Outcome>> = {
  upgrade: {
    examples: ["upgrade", "upgrade --to 0.2.0", "upgrade --to lectern-0.2.0.tgz --stack sandbox"],
    success: "the version is pinned, files were adapted to it, and the previews are those of before",
    failure: "it is not, with the reason; package.json, the lockfile and all other files are as they were",
  },
};
