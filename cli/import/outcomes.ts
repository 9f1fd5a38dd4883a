import type { Outcome } from "../outcome.ts";

const imported = (layout: string, ...examples: string[]): Outcome => ({
  examples,
  success: "the catalog is written; what could not be carried over is listed",
  failure: `the folder has not ${layout}'s layout, or a file to write exists already; nothing is written`,
  json:
    "`written`: the files, relative to the catalog; `notes`: what was not carried over, as problems; `imports`: the " +
    "`pulumi import` command of each running release",
});

/** How the commands of `lectern import` end. */
export const IMPORT_OUTCOMES: Readonly<Record<string, Outcome>> = {
  "import hubploy": imported(
    "HubPloy",
    "import hubploy ../our-hubs",
    "import hubploy ../our-hubs --chart hub",
  ),
  "import 2i2c": imported("2i2c", "import 2i2c ../infrastructure --out catalog"),
};
