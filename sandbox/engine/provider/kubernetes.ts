import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { stringify } from "yaml";
import { isUnknown } from "../../../components/resource/unknown.ts";
import { changedPaths, isObject, type PropertyMap, type Value } from "../value/values.ts";
import type { Adapter, AdapterResource } from "./adapter.ts";
import { releaseManifests } from "./helm-manifests.ts";

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
      const changed = changedPaths(named(resource, inputs), named(resource, news));
      return { changes: changed.length > 0, replaces: changed.filter((path) => IDENTITY.includes(path)) };
    },
    async create(resource, inputs) {
      await render(folder, resource);
      return { id: idOf(resource, inputs), outs: outputs(inputs) };
    },
    async update(resource, _id, _olds, news) {
      await render(folder, resource);
      return { outs: outputs(news) };
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
function outputs(inputs: PropertyMap): PropertyMap {
  const { name, namespace } = nameIn(inputs);
  const status = isObject(inputs["metadata"]) ? {} : { status: { name, namespace, status: "deployed" } };
  return { ...inputs, ...status };
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

async function render(folder: string, resource: AdapterResource): Promise<void> {
  const shown = withoutSecretData(resource, named(resource, resource.shown));
  const path = fileOf(folder, resource, shown);
  await mkdir(folder, { recursive: true });
  await writeFile(path, stringify(shown));
  resource.progress(`rendered to ${relative(process.cwd(), path)}`);
  if (isRelease(resource)) await renderManifests(resource, shown, manifestsOf(path));
}

const manifestsOf = (path: string) => path.replace(/\.yaml$/, "-manifests.yaml");

async function renderManifests(resource: AdapterResource, shown: PropertyMap, path: string): Promise<void> {
  const { text, fault } = await releaseManifests(shown);
  // What an earlier run rendered is not what this one would deploy.
  if (text === undefined) await rm(path, { force: true });
  else await writeFile(path, text);
  if (text !== undefined) resource.progress(`its manifests rendered to ${relative(process.cwd(), path)}`);
  if (fault !== undefined) resource.progress(fault);
}

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
