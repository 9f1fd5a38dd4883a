import type { Outcome } from "../outcome.ts";

export const ACTION_OUTCOMES: Readonly<Record<string, Outcome>> = {
  action: {
    examples: ["action"],
    success: "the article is on qBook, or the kernel on its gateway, as the inputs say",
    failure: "the inputs contradict each other, `mode` does not fit what exists, or the deployment failed",
  },
};
