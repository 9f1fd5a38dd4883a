import { type ClusterFiles, chartValuesOf } from "../../components/cluster/cluster-files.ts";
import type { ReleaseDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import type { KubeSpawnerProfile } from "../../components/hub/profiles/profile-list.ts";
import type { ChartValues } from "../../components/hub/values/chart/chart-values.ts";
import { profilesLayer } from "../../components/hub/values/generated.ts";
import { hubValues } from "../../components/hub/values/hub-values.ts";
import { mergeLayers } from "../../components/hub/values/layers.ts";
import { SchemaCompiler } from "../../components/hub/values/schema/schema-compiler.ts";
import { readEncrypted } from "../../components/hub/values/secrets/sops.ts";
import { ValuesReader } from "../../components/hub/values/values-reader.ts";
import { allOf } from "../../components/problem/all.ts";
import { formatProblem, LecternError, type Problem } from "../../components/problem/problem.ts";

/** Checks the values of hubs and of support without any key: of secrets only whether they are encrypted. */
export class ValuesCheck {
  readonly #reader = new ValuesReader();
  readonly #schemas = new SchemaCompiler();

  /** @param profiles the cluster's, as its hubs get them */
  async problemsOf(
    cluster: ClusterFiles,
    profiles: readonly KubeSpawnerProfile[],
  ): Promise<readonly Problem[]> {
    if (!cluster.declaration) return [];
    const { support, hubs } = cluster.declaration;
    const found = await Promise.all([
      ...(support ? [this.#problemsOf(support, chartValuesOf(cluster, support), [])] : []),
      ...hubs.map((hub) => this.#problemsOf(hub, chartValuesOf(cluster, hub), profiles)),
    ]);
    // Hubs share files: what is wrong with one is reported once.
    return [...new Map(found.flat().map((problem) => [formatProblem(problem), problem])).values()];
  }

  async #problemsOf(
    { values, secrets }: ReleaseDeclaration,
    chart: ChartValues | undefined,
    profiles: readonly KubeSpawnerProfile[],
  ): Promise<readonly Problem[]> {
    try {
      const [files] = await allOf([
        this.#reader.files(values),
        allOf(secrets.map(({ path }) => readEncrypted(path, path))),
      ]);
      const generated =
        profiles.length > 0 ? [profilesLayer(profiles, chart, mergeLayers(files).values)] : [];
      const input = { files, generated, secrets: [], withoutSecrets: true, schemas: this.#schemas };
      return hubValues({ ...input, ...(chart ? { chart } : {}) }).problems;
    } catch (error) {
      if (error instanceof LecternError) return error.problems;
      throw error;
    }
  }
}
