import { basename, dirname, join } from "node:path";
import { chartReference } from "../../hub/chart/chart-reference.ts";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { parseYaml, type YamlFile } from "../../problem/yaml-file.ts";
import { jsonPath, zodProblems } from "../../problem/zod.ts";
import {
  type ClusterDeclaration,
  chartsOf,
  environmentOf,
  type HubDeclaration,
  type NamedFile,
  type Place,
  provenBy,
  type ReleaseDeclaration,
} from "./cluster-declaration.ts";
import { fileProblems } from "./cluster-folder.ts";
import { type DomainOwner, hubProblems } from "./cluster-rules.ts";
import {
  type ClusterFile,
  clusterFileSchema,
  knownClusterKeys,
  type SupportSettings,
  type WrittenHub,
} from "./cluster-schema.ts";
import { readablePart } from "./written-hubs.ts";

/**
 * Reads `cluster.yaml`.
 * @param file relative to the project, such as `catalog/clusters/campus/cluster.yaml`
 * @throws {LecternError} with every problem, of the files in its folder too
 */
export async function readClusterYaml(text: string, file: string): Promise<ClusterDeclaration> {
  const yaml = parseYaml(text, file);
  if (yaml.problems.length > 0) throw new LecternError(yaml.problems);
  const parsed = clusterFileSchema.safeParse(yaml.value ?? {});
  if (!parsed.success) {
    throw new LecternError([
      ...zodProblems(parsed.error, { file, locate: yaml.locate, known: knownClusterKeys }),
      ...problemsBetween(yaml, file),
    ]);
  }
  const declaration = declared(parsed.data, file, yaml);
  const problems = [
    ...hubProblems(parsed.data, placed(file, yaml)),
    ...(await fileProblems(parsed.data, file, placed(file, yaml))),
  ];
  if (problems.length > 0) throw new LecternError(problems);
  return declaration;
}

/** What is wrong between the hubs of a file that its schema refuses, whatever else is. */
function problemsBetween(yaml: YamlFile, file: string): Problem[] {
  const { written, places } = readablePart(yaml.value);
  const place: Place = (problem, [hubs = "hubs", index, ...field]) =>
    placed(file, yaml)(problem, [hubs, places[Number(index)] ?? 0, ...field]);
  // Which hub proves another can't be judged while one of them can't be read.
  return hubProblems(written, place).filter(
    ({ code }) => code === "repeated-hub" || code === "staging-circle",
  );
}

/** The hubs of a `cluster.yaml`, as far as they can be told where its schema refuses it. */
export function hubsAsWritten(text: string, file: string): DomainOwner[] {
  const yaml = parseYaml(text, file);
  const { written, places } = readablePart(yaml.value);
  return written.hubs.map(({ name, domain }, index) => ({
    id: `${basename(dirname(file))}/${name}`,
    ...(domain === undefined ? {} : { domain }),
    at: (problem, field) => placed(file, yaml)(problem, ["hubs", places[index] ?? 0, ...field]),
  }));
}

const placed =
  (file: string, { locate }: YamlFile): Place =>
  (problem, field) => ({
    severity: "error",
    ...problem,
    file,
    path: jsonPath(field),
    ...locate(field),
  });

function declared(written: ClusterFile, file: string, yaml: YamlFile): ClusterDeclaration {
  const folder = dirname(file);
  const name = basename(folder);
  const { context, kubeconfig, uid } = written.provider;
  const place = placed(file, yaml);
  return {
    name,
    file,
    provider: {
      ...(context === undefined ? {} : { context }),
      ...(kubeconfig === undefined ? {} : { kubeconfig: join(folder, kubeconfig) }),
      ...(uid === undefined ? {} : { uid }),
    },
    ...(written.support ? { support: supportOf(written.support, folder) } : {}),
    hubs: written.hubs.map((hub, index) => hubOf(hub, { written, folder, cluster: name, place, index })),
    delegates: written.delegates.map(({ nodeGroups }, index) => ({
      nodeGroups,
      at: (problem, field) => place(problem, ["delegates", index, ...field]),
    })),
  };
}

interface HubPlace {
  readonly written: ClusterFile;
  readonly folder: string;
  readonly cluster: string;
  readonly place: Place;
  readonly index: number;
}

function hubOf(hub: WrittenHub, { written, folder, cluster, place, index }: HubPlace): HubDeclaration {
  const environment = environmentOf(hub);
  const shared = [...written.values, ...written.environments[environment].values];
  const files = [...shared, ...hub.values];
  const { health, database, domain } = hub;
  return {
    ...releaseOf({ ...hub, values: files }, folder),
    namespace: hub.namespace ?? hub.name,
    release: hub.release ?? hub.name,
    id: `${cluster}/${hub.name}`,
    name: hub.name,
    cluster,
    environment,
    ...(domain === undefined ? {} : { domain }),
    provenBy: provenBy(hub, written.hubs).map((name) => `${cluster}/${name}`),
    differs: hub.differs,
    health: health && {
      ...health,
      ...(health.notebook === undefined ? {} : { notebookPath: join(folder, health.notebook) }),
    },
    verify: hub.verify,
    hold: hub.hold,
    rollback: hub.rollback,
    retire: hub.retire,
    ...(database === undefined ? {} : { database }),
    own: [...written.environments[environment].values, ...hub.values],
    at: (problem, field) => place(problem, ["hubs", index, ...field]),
  };
}

const supportOf = (support: SupportSettings, folder: string): ReleaseDeclaration => ({
  ...releaseOf(support, folder),
  namespace: support.namespace,
  release: support.release,
});

function releaseOf(
  { chart, values, secrets, accept, timeout, maxHistory }: Omit<SupportSettings, "namespace" | "release">,
  folder: string,
) {
  const named = (names: readonly string[]): NamedFile[] =>
    names.map((name) => ({ name, path: join(folder, name) }));
  return {
    chart: chartReference(chart, chartsOf(folder)),
    values: named(values),
    secrets: named(secrets),
    accept,
    timeout,
    maxHistory,
  };
}
