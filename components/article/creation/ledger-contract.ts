import { z } from "zod";
import { deploying, validationInputs } from "../article-contract.ts";

const { folder, fingerprint, declaredKernels, confirmAbsent, former } = validationInputs;

/** The announcement of an article; see ledger-provider.ts. */
export const ledgerContract = {
  kind: "ArticleLedger",
  inputs: z.object({
    /** The ID of the article. */
    article: z.templateLiteral([z.enum(["course", "blog"]), "/", z.string().min(1)]),
    /** Without it nothing is validated before the announcement. */
    folder: folder.optional(),
    fingerprint: fingerprint.optional(),
    declaredKernels,
    confirmAbsent,
    /** An article that must not be announced before a person has answered. */
    former,
    /** Its title, for that question. */
    title: z.string().optional(),
    deploying,
  }),
  state: z.object({
    article: z.string(),
    /** The run that announced the article. */
    token: z.string(),
    confirmAbsent,
  }),
};
