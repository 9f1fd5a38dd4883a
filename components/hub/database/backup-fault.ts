import { LecternError } from "../../problem/problem.ts";

/** Why a hub's database is not backed up: its release stays as it is then. */
export class BackupFault extends LecternError {
  override readonly name: string = "BackupFault";

  /** @param message one sentence without a full stop, without secrets */
  constructor(hub: string, message: string, remedy: string) {
    super({
      code: "database-not-backed-up",
      severity: "error",
      message: `the database of the hub ${hub} is not backed up, so JupyterHub is not moved: ${message}`,
      remedy,
    });
  }
}
