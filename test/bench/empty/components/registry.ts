import { dispatcher } from "../../../../components/resource/dispatch.ts";
import type { CustomResourceProvider } from "../../../../components/resource/provider.ts";

const empty: CustomResourceProvider = {
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({ id: "empty", outs: inputs }),
};

export const { configure, provider } = dispatcher({ Empty: async () => empty });
