import { z } from "zod";
import { releaseTarget } from "../release/release-target.ts";

const version = z.object({
  /** The chart's `appVersion`: JupyterHub's own version. */
  appVersion: z.string().optional(),
  /** The hub's image where the values name one. */
  image: z.string().optional(),
});

/** The custom resource `HubDatabaseBackup`: backs a hub's database up before JupyterHub's own version moves. */
export const hubDatabaseBackupContract = {
  kind: "HubDatabaseBackup",
  inputs: z.object({
    ...releaseTarget,
    /** The hub's ID, `<cluster>/<hub>`. */
    hub: z.string(),
    /** What the release is about to run. */
    version,
    /** Seconds for the backup. */
    limit: z.number().positive().default(600),
    /** A command of the operator's, run where Lectern runs. Without it, a Job copies the hub's SQLite file. */
    command: z.string().min(1).optional(),
    /** The Job's image, which has Python. Default: the hub's own, as it runs. */
    image: z.string().min(1).optional(),
  }),
  state: z.object({
    /** What the release runs since, or tried to. */
    version,
    /** The last backup; none for a hub that was new. */
    backup: z
      .object({
        from: z.string(),
        to: z.string(),
        /** When it was begun: ISO 8601. */
        at: z.string(),
        /** The file's name beside the database; empty for a command's. */
        file: z.string(),
      })
      .optional(),
  }),
};
