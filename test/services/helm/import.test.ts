import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { importCatalog } from "../../../cli/import/import.ts";
import type { Layout } from "../../../cli/import/plan.ts";
import { HUBPLOY, TWO_I2C, writeRepository } from "../../../cli/import/testing/repositories.ts";
import { readClusterFiles } from "../../../components/cluster/cluster-files.ts";
import { hubValues } from "../../../components/hub/values/hub-values.ts";
import { SchemaCompiler } from "../../../components/hub/values/schema/schema-compiler.ts";
import { SopsFiles } from "../../../components/hub/values/secrets/sops.ts";
import {
  standInDecrypted,
  standInSops,
} from "../../../components/hub/values/secrets/testing/stand-in-sops.ts";
import { ValuesReader } from "../../../components/hub/values/values-reader.ts";
import { findHelm, requireService } from "../require.ts";
import { goJson, valuesOfHelm, writeChart } from "./helm-values.ts";

const CLUSTERS = "config/clusters";
const TWO_I2C_IN_ORDER = {
  ...TWO_I2C,
  [`${CLUSTERS}/north/prod.values.yaml`]: "jupyterhub: {hub: {db: null}}\n",
};

requireService("Helm (what helm/build.sh builds)", findHelm, (helm) => {
  const root = mkdtempSync(join(tmpdir(), "lectern-helm-import-"));
  const chart = writeChart(join(root, "chart"), { name: "empty", values: {} });
  let reader: ValuesReader;

  beforeAll(async () => {
    vi.stubEnv("SOPS_STAND_IN_KEY", "1");
    reader = new ValuesReader(new SopsFiles(await standInSops(root)));
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    for (const [layout, files] of [
      ["hubploy", HUBPLOY],
      ["2i2c", TWO_I2C_IN_ORDER],
    ] as [Layout, Record<string, string>][]) {
      await writeRepository(join(root, layout), files);
      await importCatalog(layout, join(root, layout), { out: join(root, `${layout}-catalog`) });
    }
    vi.mocked(process.stdout.write).mockRestore();
  });

  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true });
  });

  /** What Helm merges from files of the repository, its secrets decrypted as its tool does it. */
  function mergedByHelm(layout: Layout, paths: readonly string[]): string {
    const plain = mkdtempSync(join(root, "plain-"));
    mkdirSync(plain, { recursive: true });
    const files = paths.map((path, index) => {
      const text = readFileSync(join(root, layout, path), "utf8");
      const file = join(plain, `${index}.yaml`);
      writeFileSync(file, standInDecrypted(text) ?? text);
      return file;
    });
    return valuesOfHelm(helm, chart, files);
  }

  async function importedValues(layout: Layout, cluster: string, name: string): Promise<string> {
    const { declaration } = await readClusterFiles(join(root, `${layout}-catalog/clusters`, cluster));
    const release =
      name === "support" ? declaration?.support : declaration?.hubs.find((hub) => hub.name === name);
    if (!release) throw new Error(`no release ${name}`);
    const { userSupplied } = hubValues({
      files: await reader.files(release.values),
      generated: [],
      secrets: await reader.secrets(release.secrets),
      schemas: new SchemaCompiler(),
    });
    return goJson(userSupplied);
  }

  const deployment = (name: string, ...files: string[]) =>
    files.map((file) => `deployments/${name}/${file}.yaml`);
  const north = (...files: string[]) => files.map((file) => `${CLUSTERS}/north/${file}.values.yaml`);

  describe("the values of an imported release are byte for byte what Helm merged before", () => {
    it.each<[Layout, string, string, string[]]>([
      [
        "hubploy",
        "main-2026",
        "stats-staging",
        deployment("stats", "config/common", "config/staging", "secrets/staging"),
      ],
      [
        "hubploy",
        "main-2026",
        "stats-prod",
        deployment("stats", "config/common", "config/prod", "secrets/prod"),
      ],
      ["hubploy", "main-2026", "physics-prod", deployment("physics", "config/prod")],
      ["hubploy", "law", "law-prod", deployment("law", "config/prod")],
      ["2i2c", "north", "staging", north("common", "enc-common.secret", "staging", "enc-staging.secret")],
      ["2i2c", "north", "prod", north("common", "enc-common.secret", "prod")],
      [
        "2i2c",
        "north",
        "support",
        ["helm-charts/support/enc-support.secret.values.yaml", ...north("support", "enc-support.secret")],
      ],
      ["2i2c", "south", "lab", [`${CLUSTERS}/south/lab.values.yaml`]],
    ])("%s: %s/%s", async (layout, cluster, name, files) => {
      const expected = mergedByHelm(layout, files);
      expect(await importedValues(layout, cluster, name)).toBe(expected);
      expect(expected.length).toBeGreaterThan(name === "law-prod" ? 1 : 10);
    });
  });
});
