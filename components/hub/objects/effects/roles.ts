import { isObject } from "../../../json.ts";
import { podTemplateOf } from "../compare/normalise.ts";
import type { Effect } from "../hub-changes.ts";
import type { Manifest } from "../manifests.ts";

/** What a part of a hub is for, as far as users notice its restart. */
export interface Role {
  readonly kind: Effect["kind"];
  /** What happens where its pods are replaced. */
  readonly restart: string;
  /** What happens where it is removed. */
  readonly removal?: string;
}

const DROPPED = "open connections drop, and users reload the page";
const UNNOTICED = "users notice nothing";

/**
 * The parts of a hub by the label `app.kubernetes.io/component` (or `component`) of Zero to JupyterHub's chart,
 * which names its objects so, too, where no `fullnameOverride` names them otherwise. KubeSpawner's pods
 * are no objects of the chart: they go on while the hub is away, as the chart sets `cleanup_servers` to False.
 */
const ROLES: Readonly<Record<string, Role>> = {
  hub: {
    kind: "hub-restart",
    restart: "the hub restarts: spawning stops for about 10 s",
    removal: "the hub is removed: nobody can log in or start a server",
  },
  proxy: {
    kind: "proxy-restart",
    restart: `the proxy restarts: ${DROPPED}`,
    removal: "the proxy is removed: nobody reaches the hub or a server",
  },
  autohttps: {
    kind: "https-proxy-restart",
    restart: `the HTTPS proxy restarts: ${DROPPED}`,
    removal: "the HTTPS proxy is removed: the hub has no HTTPS of its own",
  },
  "user-scheduler": { kind: "harmless", restart: `the user scheduler restarts: ${UNNOTICED}` },
  "user-placeholder": { kind: "harmless", restart: `placeholder pods are replaced: ${UNNOTICED}` },
  "continuous-image-puller": { kind: "harmless", restart: `nodes pull other images: ${UNNOTICED}` },
  "hook-image-puller": { kind: "harmless", restart: `nodes pull images before the upgrade: ${UNNOTICED}` },
  "image-puller": { kind: "harmless", restart: `nodes pull images before the upgrade: ${UNNOTICED}` },
};

/** The role of an object by its labels or its name; undefined where the chart is another one. */
export function roleOf(manifest: Manifest): Role | undefined {
  const { labels } = manifest.metadata;
  const label = (name: string) => (isObject(labels) ? labels[name] : undefined);
  const component = label("app.kubernetes.io/component") ?? label("component") ?? manifest.metadata.name;
  return typeof component === "string" && Object.hasOwn(ROLES, component) ? ROLES[component] : undefined;
}

/** Kinds whose pods are replaced when their template changes. A Job's and a CronJob's are not. */
export const RESTARTING: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

/** Whether a field is of the template of an object's pods. */
export function isOfTemplate(kind: string, path: string): boolean {
  const template = podTemplateOf(kind);
  return template !== undefined && path.startsWith(`${template.join(".")}.`);
}
