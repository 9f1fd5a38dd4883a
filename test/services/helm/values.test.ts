import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { chartFolder } from "../../../components/hub/chart/chart-source.ts";
import { usedChartYaml } from "../../../components/hub/chart/chart-yaml.ts";
import { readChart } from "../../../components/hub/chart/read-chart.ts";
import { coalesce } from "../../../components/hub/values/chart/coalesce.ts";
import { readValuesFile } from "../../../components/hub/values/file/values-file.ts";
import { hubValues } from "../../../components/hub/values/hub-values.ts";
import { mergeLayers } from "../../../components/hub/values/layers.ts";
import { SchemaCompiler } from "../../../components/hub/values/schema/schema-compiler.ts";
import { someValues } from "../../../components/hub/values/testing/some-values.ts";
import type { JsonObject } from "../../../components/json.ts";
import { findHelm, requireService } from "../require.ts";
import { goJson, valuesOfHelm, type WrittenChart, writeChart } from "./helm-values.ts";

/** How many times a few hundred random cases are compared; a campaign compares far more. */
const RUNS = Number(process.env["LECTERN_VALUES_RUNS"] ?? 4);

requireService("Helm (what helm/build.sh builds)", findHelm, (helm) => {
  const root = mkdtempSync(join(tmpdir(), "lectern-helm-values-"));
  afterAll(() => rmSync(root, { recursive: true }));

  const readValues = async (folder: string) =>
    (await readChart(chartFolder(folder, "chart"), usedChartYaml)).values;

  /** What Helm makes of a chart and files, and what we do. */
  async function both(chart: WrittenChart, texts: readonly string[]) {
    const folder = mkdtempSync(join(root, "chart-"));
    writeChart(folder, chart);
    const files = texts.map((text, index) => {
      const file = `${folder}/${index}.values.yaml`;
      writeFileSync(file, text);
      return file;
    });
    const layers = texts.map((text, index) => readValuesFile(text, files[index] ?? ""));
    const ours = coalesce(await readValues(folder), mergeLayers(layers).values);
    return { helm: valuesOfHelm(helm, folder, files), ours: goJson(ours) };
  }

  const json = (values: JsonObject) => JSON.stringify(values, null, 1);

  describe("values are byte for byte what Helm makes of them", () => {
    const inner: WrittenChart = {
      name: "inner",
      values: { size: 1, port: { number: 1, name: "a" }, global: { zone: "b" } },
    };
    it.each<[string, WrittenChart, string[]]>([
      [
        "files over each other",
        { name: "c", values: "a: {b: 1, c: [1]}\n" },
        ["a: {c: [2]}\n", "a: {d: ~}\n"],
      ],
      [
        "nulls",
        { name: "c", values: "a: {b: 1, c: {d: 1, e: 2}}\nf: 1\n" },
        ["a: {c: {d: null}}\nf: null\n"],
      ],
      ["nulls in defaults", { name: "c", values: "a: {b: null, c: 1}\nd: ~\n" }, ["a: {x: null}\n"]],
      [
        "a scalar over a map, and a map over a scalar",
        { name: "c", values: "a: {b: 1}\nc: 1\n" },
        ["a: 2\nc: {d: 1}\n"],
      ],
      [
        "several documents",
        { name: "c", values: "a: 1\n---\nb: {c: 1}\n" },
        ["b: {d: 1}\n---\nb: {c: null}\n"],
      ],
      ["an empty file", { name: "c", values: "" }, ["", "# nothing\n", "---\n"]],
      ["anchors", { name: "c", values: "a: &a {b: 1}\nc: {<<: *a, d: 1}\n" }, ["x: &x [1]\ny: *x\n"]],
      ["characters", { name: "c", values: 'a: <&> ü\nc: "\\u2028"\n' }, ['b: "\\x41\\u00e9"\n']],
      [
        "charts in charts",
        { name: "c", values: "inner: {size: 2}\nglobal: {zone: a}\n", charts: [inner] },
        ["inner: {port: {name: ~}}\n"],
      ],
      [
        "charts that are listed, under an alias, with a condition",
        {
          name: "c",
          values: "one: {port: ~}\n",
          charts: [inner],
          metadata: {
            dependencies: [
              { name: "inner", version: "1.0.0", alias: "one" },
              { name: "inner", version: "1.0.0", alias: "two", condition: "two.on" },
            ],
          },
        },
        ["two: {on: false}\n"],
      ],
      [
        "charts whose values are imported",
        {
          name: "c",
          values: "name: c\n",
          charts: [{ ...inner, values: { exports: { data: { name: "i", x: 1 } }, deep: { y: { z: 1 } } } }],
          metadata: {
            dependencies: [
              {
                name: "inner",
                version: "1.0.0",
                "import-values": ["data", { child: "deep", parent: "up.here" }],
              },
            ],
          },
        },
        ["x: 2\n"],
      ],
    ])("of %s", async (_, chart, texts) => {
      const { helm: expected, ours } = await both(chart, texts);
      expect(ours).toBe(expected);
    });

    it("of a chart that uses archives, as Helm packs them", async () => {
      const folder = mkdtempSync(join(root, "chart-"));
      const schema = { properties: { size: { type: "integer" } } };
      const deep = { name: "deep", values: "x: {y: 1}\n" };
      const packed = writeChart(join(folder, "packed"), { ...inner, schema, charts: [deep] }, false);
      writeChart(join(folder, "chart"), { name: "c", values: "inner: {size: 3}\n" });
      execFileSync(helm, ["package", packed, "--destination", join(folder, "chart/charts")], {
        stdio: "pipe",
      });
      const file = join(folder, "x.values.yaml");
      writeFileSync(file, "inner: {deep: {x: {y: null, z: 1}}}\n");
      const chart = await readValues(join(folder, "chart"));
      const { values } = readValuesFile("inner: {deep: {x: {y: null, z: 1}}}\n", file);
      expect(goJson(coalesce(chart, values))).toBe(valuesOfHelm(helm, join(folder, "chart"), [file]));
      expect(chart.charts[0]?.schema?.text).toBe(JSON.stringify(schema));
    });

    const tree = fc.record({ values: someValues, inner: someValues, own: someValues });
    const oneCase = fc.record({ chart: tree, layers: fc.array(someValues, { minLength: 1, maxLength: 3 }) });

    it("of any defaults, layers and charts in charts", { timeout: 150_000 * RUNS }, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(oneCase, { minLength: 60, maxLength: 60 }), async (cases) => {
          const charts = cases.map(
            ({ chart: { values, inner: of, own } }, index): WrittenChart => ({
              name: `case-${index}`,
              values: { ...values, inner: of },
              charts: [{ name: "inner", values: own }],
            }),
          );
          const texts = [0, 1, 2].map((layer) => {
            const entries = cases.map(({ layers }, index) => {
              const { c, ...rest } = layers[layer] ?? {};
              const given = typeof c === "object" && c !== null && !Array.isArray(c) ? { inner: c } : {};
              return [`case-${index}`, { ...rest, ...given }];
            });
            return json(Object.fromEntries(entries));
          });
          const { helm: expected, ours } = await both({ name: "cases", values: {}, charts }, texts);
          expect(JSON.parse(ours)).toEqual(JSON.parse(expected));
          expect(ours).toBe(expected);
        }),
        { numRuns: 2 * RUNS, endOnFailure: true },
      );
    });
  });

  describe("a scalar means what Helm reads in it", () => {
    const WORDS = "y Y n N yes Yes yEs no on Off TRUE tRue null ~ Null nULL <<";
    const NUMBERS =
      "0 -0 +1 007 -017 089 0o17 0O17 0x1F 0X1f -0x1f 0b101 0b102 1_000 _1 1__0 0_7 1e3 1E+3 1.5 .5 -.5 +.5 1. 1.e3 " +
      ".e3 1e999 9007199254740993 9223372036854775808 18446744073709551616 -9223372036854775809 1:30 190:20:30 " +
      "2024-01-01 2024-01-01T00:00:00Z 1.2.3 0x 0b 0o8 1e 12e03 0.1e-7 1_0.5 0x1p-2 .5_0";

    const compare = async (scalars: readonly string[]) => {
      const readable = scalars.filter((scalar) => {
        try {
          return readValuesFile(`a: ${scalar}\nb: [${scalar}]\n`, "x.yaml").values !== undefined;
        } catch {
          return false;
        }
      });
      const text = readable.map((scalar, index) => `k${index}: ${scalar}\nl${index}: [${scalar}]\n`).join("");
      const { helm: expected, ours } = await both({ name: "c", values: {} }, [text]);
      expect(JSON.parse(ours)).toEqual(JSON.parse(expected.replaceAll(/(?<=[:[])-0(?=[,}\]])/g, "0")));
      return readable.length;
    };

    it("of the words and numbers that parsers disagree on", async () => {
      expect(
        await compare([
          ...WORDS.split(" "),
          ...NUMBERS.split(/\s+/),
          "!!str 1",
          "!!float 1",
          "!!int 7",
          "!!binary aGk=",
        ]),
      ).toBeGreaterThan(60);
    });

    it("of any characters of numbers", async () => {
      const scalar = fc.stringMatching(/^[-+.]?[0-9a-fox_][-+0-9.eExob_:]{0,6}$/);
      await fc.assert(
        fc.asyncProperty(fc.array(scalar, { minLength: 200, maxLength: 200 }), async (scalars) => {
          await compare(scalars);
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    });

    it("as a key", async () => {
      const text = "8080: a\non: b\nn: c\n1.5: d\n0x10: e\n2024-01-01: f\n";
      const { helm: expected, ours } = await both({ name: "c", values: {} }, [text]);
      expect(ours).toBe(expected);
    });
  });

  describe("a chart's schema refuses what Helm refuses", () => {
    const schema = {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      additionalProperties: false,
      required: ["hub"],
      properties: {
        global: {},
        inner: {},
        hub: {
          type: "object",
          properties: {
            name: { type: "string", pattern: "^[\\w-]+$" },
            url: { type: "string", format: "uri" },
            size: { oneOf: [{ type: "integer", minimum: 1 }, { type: "null" }] },
          },
        },
      },
    };
    const chart: WrittenChart = {
      name: "c",
      values: "hub: {size: 1}\n",
      schema,
      charts: [{ name: "inner", values: {}, schema: { properties: { enabled: { type: "boolean" } } } }],
    };

    it.each([
      ["{}\n", true],
      ["hub: {name: a-b, url: https://a.example}\n", true],
      ["hub: {size: null}\n", true],
      ["hub: {size: 0}\n", false],
      ["hub: {name: a b}\n", false],
      ["hub: {url: 'not a uri'}\n", false],
      ["hub: null\n", false],
      ["hubs: {}\n", false],
      ["inner: {enabled: yes}\n", true],
      ["inner: {enabled: 1}\n", false],
    ])("%j: %s", async (text, isValid) => {
      const folder = mkdtempSync(join(root, "chart-"));
      const file = `${folder}/x.values.yaml`;
      writeChart(folder, chart);
      writeFileSync(file, text);
      const { problems } = hubValues({
        chart: await readValues(folder),
        files: [readValuesFile(text, "x.yaml")],
        generated: [],
        secrets: [],
        schemas: new SchemaCompiler(),
      });
      let refusal = "";
      try {
        valuesOfHelm(helm, folder, [file]);
      } catch (error) {
        refusal = String(error);
      }
      expect([problems.length === 0, refusal === ""]).toEqual([isValid, isValid]);
    });
  });
});
