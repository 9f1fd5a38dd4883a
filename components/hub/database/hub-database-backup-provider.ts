import { clusterConfig } from "../../cluster/config.ts";
import { kubeConfigOf } from "../../cluster/kube-config.ts";
import { digestOf } from "../../digest.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { type Inputs, type State, UNKNOWN } from "../../resource/contract.ts";
import { provide } from "../../resource/provide.ts";
import { type BackupCluster, backupCluster, type JobProgress } from "./backup-cluster.ts";
import { runBackupCommand } from "./backup-command.ts";
import { BackupFault } from "./backup-fault.ts";
import { backupFile, backupJob } from "./backup-job.ts";
import { hubDatabaseBackupContract } from "./hub-database-backup-contract.ts";
import { type JupyterHubMove, jupyterHubMove } from "./jupyterhub-move.ts";

type BackupInputs = Inputs<typeof hubDatabaseBackupContract>;
type BackupState = State<typeof hubDatabaseBackupContract>;
type Backup = NonNullable<BackupState["backup"]>;

/** How a backup reads and changes the cluster of a hub. */
export type ClusterOf = (wanted: BackupInputs, context: ProviderContext) => Promise<BackupCluster>;

/** A hub that is there already may run any version. It may be without a backup: nothing says that it moves. */
const ADOPTED: JupyterHubMove = { from: "an unknown version", to: "the one of its chart" };

/** The provider over a way to reach clusters. */
export const hubDatabaseBackup = (clusterOf: ClusterOf) =>
  provide(hubDatabaseBackupContract, {
    async diff(state, { version }) {
      const isSame = version !== UNKNOWN && jupyterHubMove(state.version, version) === undefined;
      return { change: isSame ? "none" : "update" };
    },

    async create(wanted, context) {
      const backup = await backUp(wanted, ADOPTED, context, clusterOf);
      return {
        id: `${wanted.hub}/database`,
        state: { version: wanted.version, ...(backup ? { backup } : {}) },
      };
    },

    async update(_id, state, wanted, context) {
      const move = jupyterHubMove(state.version, wanted.version);
      const backup = (move && (await backUp(wanted, move, context, clusterOf))) ?? state.backup;
      return { version: wanted.version, ...(backup ? { backup } : {}) };
    },
  });

/** Backs databases of hubs up, as a step of a deployment before the release. */
export const hubDatabaseBackupProvider = hubDatabaseBackup(async (wanted, context) => {
  const { kubeconfigs } = context.config({ kubeconfigs: clusterConfig.kubeconfigs });
  return backupCluster(await kubeConfigOf(wanted, kubeconfigs?.[wanted.cluster]), wanted.namespace);
});

/** @returns undefined for a hub that isn't there yet */
async function backUp(
  wanted: BackupInputs,
  move: JupyterHubMove,
  context: ProviderContext,
  clusterOf: ClusterOf,
): Promise<Backup | undefined> {
  const cluster = await clusterOf(wanted, context);
  const hub = await cluster.hub(wanted.release);
  if (!hub) return undefined;
  const began = new Date(context.clock.now());
  const report = (message: string) =>
    context.report({ severity: "info", resource: `${wanted.hub}/database`, message });
  report(`backing the hub's database up before it moves from ${move.from} to ${move.to}`);
  const known = { ...move, at: began.toISOString() };
  if (wanted.command !== undefined) {
    await runBackupCommand({ ...wanted, command: wanted.command, signal: context.signal });
    return { ...known, file: "" };
  }
  const file = backupFile(began);
  const name = `lectern-backup-${digestOf(wanted.hub).slice("sha256:".length, "sha256:".length + 10)}`;
  const job = backupJob({ name, hub, file, image: wanted.image, limit: wanted.limit });
  if (!job && move === ADOPTED) {
    const message = `the hub's database is not backed up: ${NO_VOLUME}. ${NAME_COMMAND}`;
    context.report({ severity: "warning", resource: `${wanted.hub}/database`, message });
    return undefined;
  }
  if (!job) throw new BackupFault(wanted.hub, NO_VOLUME, NAME_COMMAND);
  await removed(name, cluster, wanted, context);
  await cluster.createJob(job);
  try {
    await finished(name, cluster, wanted, context);
  } finally {
    await cluster.deleteJob(name).catch(() => report(`the Job ${name} could not be deleted`));
  }
  report(`the hub's database is backed up as ${file}`);
  return { ...known, file };
}

const NO_VOLUME = "it is not on a volume that the hub mounts at /srv/jupyterhub";
const NAME_COMMAND = "Name the command that backs it up: `database: {backup: …}`";

/** One that a killed run has left would be taken for the new one. */
async function removed(
  name: string,
  cluster: BackupCluster,
  { hub }: BackupInputs,
  context: ProviderContext,
) {
  const gone = await context.poll(
    async () => {
      if ((await cluster.job(name)) === undefined) return true;
      await cluster.deleteJob(name);
      return undefined;
    },
    { first: 500, slowest: 5_000, limit: 60_000 },
  );
  if (!gone) throw new BackupFault(hub, `the Job ${name} of an earlier run is still there`, "Delete it");
}

async function finished(
  name: string,
  cluster: BackupCluster,
  { hub, limit }: BackupInputs,
  context: ProviderContext,
): Promise<void> {
  let last: JobProgress | undefined;
  const step = async () => {
    last = await cluster.job(name);
    return last?.state === "running"
      ? undefined
      : (last ?? { state: "failed" as const, why: "it was deleted" });
  };
  const end = await context.poll(step, { first: 1_000, slowest: 5_000, limit: limit * 1000 });
  if (end?.state === "done") return;
  const waiting = last?.state === "running" && last.waiting ? `: ${last.waiting}` : "";
  const why = end?.state === "failed" ? end.why : `it did not end within ${limit} s${waiting}`;
  throw new BackupFault(hub, `the Job ${name} failed: ${why}`, "Fix the cause and deploy again");
}
