import type { Outcome } from "../outcome.ts";

/** How `lectern tick` ends. */
export const TICK_OUTCOMES: Readonly<Record<string, Outcome>> = {
  tick: {
    examples: ["tick", "tick --windows windows.json --kubeconfig kubeconfig.yaml --dry-run"],
    success: "every placeholder has the number of replicas that the windows want now",
    failure:
      "the windows can't be read or have ended, or a placeholder could not be scaled; the others were scaled all the same",
  },
};
