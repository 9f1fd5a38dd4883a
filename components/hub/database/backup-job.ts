import type { V1Deployment, V1Job, V1PodSpec } from "@kubernetes/client-node";

/** Where Zero to JupyterHub mounts the volume with the hub's database, and the database's name in it. */
const FOLDER = "/srv/jupyterhub";
const DATABASE = "jupyterhub.sqlite";
/** Backups that stay beside the database. */
const KEPT = 5;

/** The file of a backup that is begun at a time. */
export const backupFile = (at: Date): string =>
  `${DATABASE}.lectern-${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;

/**
 * Copies the database as SQLite's own backup does, which is whole though the hub writes; checks the copy, and
 * only then gives it its name. Arguments: the folder, the database's name, the backup's, how many to keep.
 */
const SCRIPT = `
import os, pathlib, sqlite3, sys
folder, database, name, kept = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
source = folder / database
if not source.exists():
    sys.exit(f"{source} does not exist: the hub keeps its database elsewhere")
partial = folder / (name + ".partial")
partial.unlink(missing_ok=True)
reader, copy = sqlite3.connect(source, timeout=60), sqlite3.connect(partial)
reader.backup(copy)
result = copy.execute("PRAGMA integrity_check").fetchone()[0]
tables = copy.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone()[0]
copy.close()
reader.close()
if result != "ok" or tables == 0:
    partial.unlink()
    sys.exit(f"the copy of {source} is damaged: {result}, {tables} tables")
os.replace(partial, folder / name)
for old in sorted(folder.glob(database + ".lectern-*Z"))[:-kept]:
    old.unlink()
print(f"{folder / name}: {os.path.getsize(folder / name)} bytes, {tables} tables")
`;

/** What a backup's Job is made of. */
export interface BackupJob {
  readonly name: string;
  /** The Deployment of the hub as it runs. */
  readonly hub: V1Deployment;
  readonly file: string;
  readonly image?: string | undefined;
  /** Seconds. */
  readonly limit: number;
}

/**
 * The Job that copies the database on the hub's own volume: in the hub's image and as its user, and on the hub's
 * node, because one node at a time mounts such a volume.
 * @returns undefined where the hub mounts no volume of its own for a database
 */
export function backupJob({ name, hub, file, image, limit }: BackupJob): V1Job | undefined {
  const pod = hub.spec?.template.spec;
  const found = pod && databaseMount(pod);
  if (!found) return undefined;
  const { container, claimName, subPath } = found;
  const labels = { "app.kubernetes.io/name": "lectern-database-backup" };
  const spec: V1PodSpec = {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    ...kept(pod),
    affinity: besideHub(hub),
    containers: [
      {
        name: "backup",
        image: image ?? container.image ?? "",
        command: ["python3", "-c", SCRIPT, FOLDER, DATABASE, file, String(KEPT)],
        // The end of what it prints is what a failed pod shows.
        terminationMessagePolicy: "FallbackToLogsOnError",
        ...(container.securityContext ? { securityContext: container.securityContext } : {}),
        volumeMounts: [{ name: "database", mountPath: FOLDER, ...(subPath ? { subPath } : {}) }],
      },
    ],
    volumes: [{ name: "database", persistentVolumeClaim: { claimName } }],
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, labels },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: Math.ceil(limit),
      ttlSecondsAfterFinished: 86_400,
      template: { metadata: { labels }, spec },
    },
  };
}

function databaseMount({ containers, volumes = [] }: V1PodSpec) {
  for (const container of containers) {
    const mount = container.volumeMounts?.find(({ mountPath }) => mountPath === FOLDER);
    const claimName = volumes.find(({ name }) => name === mount?.name)?.persistentVolumeClaim?.claimName;
    if (mount && claimName) return { container, claimName, subPath: mount.subPath };
  }
  return undefined;
}

/** What lets the hub's pod be where it is, and pull its image. */
function kept(pod: V1PodSpec): Partial<V1PodSpec> {
  const { nodeSelector, tolerations, imagePullSecrets, securityContext } = pod;
  const all = { nodeSelector, tolerations, imagePullSecrets, securityContext };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function besideHub({ spec }: V1Deployment) {
  if (!spec || spec.replicas === 0) return {};
  const term = { labelSelector: spec.selector, topologyKey: "kubernetes.io/hostname" };
  return { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
}
