import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseRepository } from "../../../components/image/reference.ts";
import { RegistryClient } from "../../../components/image/registry/registry-client.ts";
import { registriesOf } from "../../../components/image/registry/registry-config.ts";
import { isObject } from "../../../components/json.ts";
import type { StackConfig } from "../../../stacks/config.ts";
import type { Content } from "../content.ts";
import { attempt, type Finding, failed, passed } from "../finding.ts";
import type { World } from "../world.ts";
import { isPlaceholder } from "./stack.ts";

/** Whether images can be looked up where the catalog names them, and pushed where it builds them. */
export async function checkImages(
  world: World,
  config: StackConfig,
  content: Content,
  builds: boolean,
): Promise<Finding[]> {
  const registries = await attempt("the registries are configured", async () => registriesOf(config));
  if (registries.some(({ state }) => state === "failed")) return registries;
  const client = new RegistryClient(world, registriesOf(config));
  const repositories = new Set(
    content.clusters.flatMap(({ images }) => Object.values(images).map(({ repository }) => repository)),
  );
  const looked = [...repositories].map((repository) =>
    attempt(`the tags of ${repository} can be listed`, () => client.listTags(parseRepository(repository))),
  );
  return [...(await Promise.all(looked)).flat(), ...(builds ? await checkBuilds(world, config) : [])];
}

/** A built image is pushed by the container engine of whoever deploys, with that engine's login. */
async function checkBuilds(world: World, { imageRepository }: StackConfig): Promise<Finding[]> {
  const docker = await world.run("docker", "version", "--format", "{{.Server.Version}}");
  const engine =
    docker.code === 0
      ? passed(`a container engine to build images: ${docker.stdout.trim()}`)
      : failed(
          docker.code === 127
            ? "a kernel is built here, but docker is not on PATH"
            : "a kernel is built here, but the container engine does not answer",
          "Install Docker (https://docs.docker.com/engine/install), and start it",
        );
  if (imageRepository === undefined) {
    const set = "pulumi config set lectern:imageRepository ghcr.io/ORGANIZATION/kernels";
    return [engine, failed("lectern:imageRepository is not set, so images can't be pushed", set)];
  }
  if (isPlaceholder(imageRepository)) return [engine];
  const [registry = ""] = parseRepository(imageRepository).split("/");
  return [engine, checkLogin(world, registry)];
}

function checkLogin({ environment }: World, registry: string): Finding {
  const folder = environment["DOCKER_CONFIG"] ?? join(environment["HOME"] ?? homedir(), ".docker");
  const path = join(folder, "config.json");
  const config: unknown = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  const has = (key: string, host: string) =>
    isObject(config) && isObject(config[key]) && Object.keys(config[key]).some((name) => name.includes(host));
  const host = registry === "docker.io" ? "index.docker.io" : registry;
  const known =
    has("auths", host) || has("credHelpers", host) || (isObject(config) && "credsStore" in config);
  return known
    ? passed(`docker is logged in to ${registry}`)
    : failed(`docker is not logged in to ${registry}, where images are pushed`, `docker login ${registry}`);
}
