import type { Outcome } from "../outcome.ts";

/** How `lectern prove` ends. */
export const PROVE_OUTCOMES: Readonly<Record<string, Outcome>> = {
  prove: {
    examples: [
      "prove",
      "prove bell-states --json",
      "prove bell-states --stack staging --image ghcr.io/my-organization/kernels/python-quantum@sha256:4ac01e…",
    ],
    success: "every notebook passed, now or when it was run before",
    failure: "a lecture.yaml has a problem, or a notebook could not be run",
    no: "every notebook was run, and at least one failed",
    json:
      "`ok`: whether all passed; `ran` and `known`: how many were run now and before; `seconds`; `results`: one entry per notebook with " +
      "`key`, `course`, `notebook`, `image`, `outcome` (passed or failed), `seconds`, `peakMemory` in bytes, `ranAt`, and of a " +
      "failure `reason`, `cell` (`index` from 0, `id`, `source`), `traceback` and `differences`; `skipped`: notebooks on " +
      "kernels that the catalog does not have, each with `course`, `notebook` and `kernel`",
  },
};
