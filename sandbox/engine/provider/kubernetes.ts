import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { stringify } from "yaml";
import { changesMessage } from "../../../components/hub/objects/changes-message.ts";
import { isUnknown } from "../../../components/resource/unknown.ts";
import { releaseChanges } from "../release/changes.ts";
import { installRelease } from "../release/installed.ts";
import { changedPaths, containsUnknown, isObject, type PropertyMap, type Value } from "../value/values.ts";
import type { Adapter, AdapterResource } from "./adapter.ts";

/** Changes below these need a new object, as in the Kubernetes API. */
const IDENTITY = ["apiVersion", "kind", "metadata.name", "metadata.namespace", "name", "namespace"];

/**
 * Renders Kubernetes resources and Helm releases: no cluster is asked. What a resource wants becomes
 * its outputs, and a file in the folder, with every secret left out; a release has one with its manifests too, where
 * helm is on PATH.
 */
export function kubernetesAdapter(folder: string): Adapter {
  return {
    async check(resource, _olds, news) {
      return { inputs: named(resource, news) };
    },
    // The outputs of a real cluster, whose state may have been imported, say more than was wanted.
    async diff(resource, _id, olds, news, inputs = olds) {
      const [before, after] = [named(resource, inputs), named(resource, news)];
      const changed = changedPaths(before, after);
      if (changed.length > 0 && resource.preview)
        await reportObjects(folder, resource, { olds, before, after });
      return { changes: changed.length > 0, replaces: changed.filter((path) => IDENTITY.includes(path)) };
    },
    async create(resource, inputs) {
      const appVersion = await render(folder, resource);
      return { id: idOf(resource, inputs), outs: outputs(inputs, appVersion) };
    },
    async update(resource, _id, _olds, news) {
      const appVersion = await render(folder, resource);
      return { outs: outputs(news, appVersion) };
    },
    read: async (_resource, id, props) => ({ id, props }),
    async delete(resource, _id, props) {
      await rm(fileOf(folder, resource, props), { force: true });
      if (isRelease(resource)) await rm(manifestsOf(fileOf(folder, resource, props)), { force: true });
    },
  };
}

const isRelease = (resource: AdapterResource): boolean => resource.type === "kubernetes:helm.sh/v3:Release";
const kindOf = (resource: AdapterResource): string => resource.type.split(":").at(-1) ?? resource.type;

/** The inputs with a name, which is the resource's own where none is given. */
function named(resource: AdapterResource, inputs: PropertyMap): PropertyMap {
  if (isRelease(resource)) return { ...inputs, name: inputs["name"] ?? resource.name };
  const metadata = isObject(inputs["metadata"]) ? inputs["metadata"] : {};
  return { ...inputs, metadata: { ...metadata, name: metadata["name"] ?? resource.name } };
}

function nameIn(inputs: PropertyMap): { name: string; namespace: string } {
  const place = isObject(inputs["metadata"]) ? inputs["metadata"] : inputs;
  const text = (value: Value | undefined, otherwise: string) =>
    typeof value === "string" && !isUnknown(value) ? value : otherwise;
  return { name: text(place["name"], "unnamed"), namespace: text(place["namespace"], "default") };
}

function idOf(resource: AdapterResource, inputs: PropertyMap): string {
  const { name, namespace } = nameIn(named(resource, inputs));
  return `${namespace}/${name}`;
}

/** A stand-in for what a cluster would report. */
function outputs(inputs: PropertyMap, appVersion: string | undefined): PropertyMap {
  if (isObject(inputs["metadata"])) return inputs;
  const version = appVersion === undefined ? {} : { appVersion };
  return { ...inputs, status: { ...nameIn(inputs), status: "deployed", ...version } };
}

function fileOf(folder: string, resource: AdapterResource, inputs: PropertyMap): string {
  const { name, namespace } = nameIn(named(resource, inputs));
  const place = namespace === "default" ? name : `${namespace}-${name}`;
  // What belongs to a cluster is registered as `<cluster>/<name>`, as each may have a namespace `staging`.
  const cluster = resource.name.includes("/") ? `${resource.name.split("/")[0]}-` : "";
  return join(
    folder,
    `${cluster}${kindOf(resource).toLowerCase()}-${place.replaceAll(/[^\w.-]/g, "_")}.yaml`,
  );
}

/** @returns the application's version, of a release that helm has rendered */
async function render(folder: string, resource: AdapterResource): Promise<string | undefined> {
  const shown = withoutSecretData(resource, named(resource, resource.shown));
  const path = fileOf(folder, resource, shown);
  await mkdir(folder, { recursive: true });
  await writeFile(path, stringify(shown));
  resource.progress(`rendered to ${relative(process.cwd(), path)}`);
  return isRelease(resource) ? renderManifests(resource, shown, manifestsOf(path)) : undefined;
}

const manifestsOf = (path: string) => path.replace(/\.yaml$/, "-manifests.yaml");

async function renderManifests(resource: AdapterResource, shown: PropertyMap, path: string) {
  const { text, fault, appVersion } = await installRelease(shown);
  // What an earlier run rendered is not what this one would deploy.
  if (text === undefined) await rm(path, { force: true });
  else await writeFile(path, text);
  if (text !== undefined) resource.progress(`its manifests rendered to ${relative(process.cwd(), path)}`);
  if (fault !== undefined) resource.progress(fault);
  return appVersion;
}

/** A hub's release has its parent's name. */
const OF_HUB = /(\$lectern:hub:Hub)\$kubernetes:helm\.sh\/v3:Release(?=::)/;

interface Compared {
  readonly olds: PropertyMap;
  readonly before: PropertyMap;
  readonly after: PropertyMap;
}

/** Reports which objects of a hub would change, as a preview with a cluster does. */
async function reportObjects(folder: string, resource: AdapterResource, compared: Compared): Promise<void> {
  if (!OF_HUB.test(resource.urn)) return;
  const hub = resource.urn.replace(OF_HUB, "$1");
  const { olds, before, after } = compared;
  if (containsUnknown(after))
    return resource.progress("the objects of this hub are compared once its images are built", hub);
  const status = isObject(olds["status"]) ? olds["status"] : {};
  const changes = await releaseChanges({
    hub: resource.name,
    before,
    after,
    shown: named(resource, resource.shown),
    installed: await textOf(manifestsOf(fileOf(folder, resource, before))),
    appVersion: typeof status["appVersion"] === "string" ? status["appVersion"] : undefined,
  });
  if (changes) resource.progress(changesMessage(changes), hub);
}

/** The text of a file; undefined where there is none. */
const textOf = (path: string) => readFile(path, "utf8").catch(() => undefined);

/** A Secret's data is one, whether the program said so or not. */
function withoutSecretData(resource: AdapterResource, shown: PropertyMap): PropertyMap {
  if (kindOf(resource) !== "Secret") return shown;
  const hide = (data: Value | undefined) =>
    isObject(data) ? Object.fromEntries(Object.keys(data).map((key) => [key, "[secret]"])) : (data ?? {});
  const { data, stringData } = shown;
  return {
    ...shown,
    ...(data ? { data: hide(data) } : {}),
    ...(stringData ? { stringData: hide(stringData) } : {}),
  };
}
