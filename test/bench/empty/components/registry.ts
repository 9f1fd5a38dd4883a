import { z } from "zod";
import { dispatcher } from "../../../../components/resource/dispatch.ts";
import { provide } from "../../../../components/resource/provide.ts";

export const emptyContract = {
  kind: "Empty",
  inputs: z.object({ after: z.string().optional() }),
  state: z.object({}),
};

const empty = provide(emptyContract, {
  diff: async () => ({ change: "none" }),
  create: async () => ({ id: "empty", state: {} }),
});

export const { shim } = dispatcher({ Empty: async () => empty });
