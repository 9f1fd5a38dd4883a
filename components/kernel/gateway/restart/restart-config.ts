import { z } from "zod";

const argv = z.array(z.string().min(1)).min(1);

const again = z
  .string()
  .min(1)
  .optional()
  .describe("Any word, such as a date: the next deployment restarts the gateway once for it");

/** How a gateway is restarted so that new kernels become known to it. */
export const restartMode = z.discriminatedUnion("mode", [
  z.strictObject({ mode: z.literal("none") }),
  z.strictObject({
    mode: z.literal("systemd"),
    unit: z.string().regex(/^[\w@:.][\w@:.\\-]*$/),
    sudo: z.boolean().default(false),
    again,
  }),
  z.strictObject({
    mode: z.literal("container"),
    name: z.string().regex(/^\w[\w.-]*$/),
    command: argv.default(["docker"]),
    again,
  }),
  z.strictObject({
    mode: z.literal("swarm"),
    service: z.string().regex(/^\w[\w.-]*$/),
    command: argv.default(["docker"]),
    again,
  }),
  z.strictObject({
    mode: z.literal("kubernetes"),
    namespace: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
    deployment: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
    command: argv.default(["kubectl"]),
    again,
  }),
  z.strictObject({ mode: z.literal("command"), command: argv, again }),
]);

export type RestartMode = z.output<typeof restartMode>;

/** What to do where kernels run on a gateway that has to restart. */
export const whenBusy = z.enum(["restart", "wait", "refuse"]);
