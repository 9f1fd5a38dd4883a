import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import type { FastifyInstance } from "fastify";
import { textOf } from "../../../components/cluster/cluster-files.ts";
import type { ClusterDeclaration } from "../../../components/cluster/declaration/cluster-declaration.ts";
import { readClusterYaml } from "../../../components/cluster/declaration/read-cluster.ts";
import { readNodeGroups } from "../../../components/cluster/node-groups/node-groups.ts";
import { forServers, sharesOf } from "../../../components/cluster/node-groups/shares.ts";
import { readImagesFile } from "../../../components/image/selection/images-file.ts";
import type { Problem } from "../../../components/problem/problem.ts";
import { type ApiCluster, clusterSchema, clustersSchema } from "../../api/clusters.ts";
import { caught } from "../caught.ts";
import type { StudioPluginOptions } from "../context.ts";
import { noCluster } from "../draft/draft-tree.ts";
import { hubDefaults } from "./hub-values.ts";

/** The clusters of the catalog, and what infrastructure provides in them. */
export async function clusterRoutes(app: FastifyInstance, { studio }: StudioPluginOptions): Promise<void> {
  const folderOf = (name: string) => join(studio.catalog, "clusters", name);

  app.get("/clusters", async () => {
    const names = await clustersIn(join(studio.catalog, "clusters"));
    return clustersSchema.parse({
      clusters: await Promise.all(names.map((name) => summary(folderOf(name), name))),
    });
  });

  app.get<{ Params: { name: string } }>("/clusters/:name", async ({ params: { name } }) => {
    const known = await clustersIn(join(studio.catalog, "clusters"));
    if (!known.includes(name)) throw noCluster(name);
    return clusterSchema.parse(await details(folderOf(name), name, studio.root));
  });
}

async function clustersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return names.filter((name) => !/^[._]/.test(name)).sort();
}

async function summary(folder: string, name: string) {
  const { hubs = [] } = (await part(folder, "cluster.yaml", readClusterYaml, [])) ?? {};
  return {
    name,
    hubs: hubs.map((hub) => hub.name),
    hasProfiles: existsSync(join(folder, "profiles.yaml")),
    hasImages: existsSync(join(folder, "images.yaml")),
  };
}

/** Each file by itself, so that a fault in one hides nothing of the others. */
async function details(folder: string, name: string, root: string): Promise<ApiCluster> {
  const problems: Problem[] = [];
  const [declaration, nodeGroups = [], images = {}] = await Promise.all([
    part(folder, "cluster.yaml", readClusterYaml, problems),
    part(folder, "node-groups.json", readNodeGroups, problems),
    part(folder, "images.yaml", readImagesFile, problems),
  ]);
  return {
    name,
    hubs: await hubsOf(declaration, problems),
    nodeGroups: nodeGroups.map((group) => {
      const has = forServers(group);
      const { slug, display_name, node_selector } = group;
      return { slug, display_name, node_selector, ...(has ? { has } : {}), shares: sharesOf(group) };
    }),
    images: Object.entries(images).map(([key, { repository, alias }]) => ({ key, repository, alias })),
    problems: problems.map((problem) =>
      problem.file === undefined ? problem : { ...problem, file: relative(root, problem.file) },
    ),
  };
}

async function hubsOf(declaration: ClusterDeclaration | undefined, problems: Problem[]) {
  const hubs = (declaration?.hubs ?? []).map(async (hub) => ({
    name: hub.name,
    environment: hub.environment,
    defaults: (await caught(hubDefaults(hub), problems)) ?? {},
  }));
  return Promise.all(hubs);
}

async function part<T>(
  folder: string,
  file: string,
  read: (text: string, file: string) => T | Promise<T>,
  problems: Problem[],
): Promise<T | undefined> {
  const path = join(folder, file);
  return caught(
    textOf(path).then((text) => (text === undefined ? undefined : read(text, path))),
    problems,
  );
}
