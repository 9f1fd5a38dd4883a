import { z } from "zod";
import { isSecretValue } from "../../declaration/secret-name.ts";

const setupCommand = z
  .string()
  .min(1)
  .refine((text) => !isSecretValue(text), "must not contain a secret: it is kept in the stack's state");

/** What is run on a host before its kernels, by the commands' names. */
export const setupCommands = z
  .record(
    z.string().regex(/^[\w-]+$/, "must be letters, digits, - and _"),
    z.strictObject({
      create: setupCommand.describe("A shell's line, run when the command is new"),
      update: setupCommand.optional().describe("Run where the command changes. Default: create"),
      delete: setupCommand.optional().describe("Run when the command is removed"),
    }),
  )
  .default({})
  .describe("Commands that are run on the host before its kernels, in this order, with an SSH agent's key");
