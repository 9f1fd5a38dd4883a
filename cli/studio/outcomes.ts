import type { Outcome } from "../outcome.ts";

/** How `lectern studio` ends. */
export const STUDIO_OUTCOMES: Readonly<Record<string, Outcome>> = {
  studio: {
    examples: ["studio", "studio --port 8400", "studio --hub-groups editors,teachers --hub-mail example.org"],
    success: "it was stopped",
    failure:
      "it can't start: the catalog is missing, the port is taken, the page can't be built, or the JupyterHub's variables are wrong",
  },
};
