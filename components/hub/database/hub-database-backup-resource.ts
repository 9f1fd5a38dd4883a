import { defineResource } from "../../resource/define-resource.ts";
import { hubDatabaseBackupContract } from "./hub-database-backup-contract.ts";

/** The backup of a hub's database before JupyterHub's own version moves; the release depends on it. */
export const HubDatabaseBackup = defineResource(hubDatabaseBackupContract, ["backup"]);
