import { describe, expect, it } from "vitest";
import { formatProblem } from "../../problem/problem.ts";
import type { ChartValues } from "./chart/chart-values.ts";
import { readValuesFile } from "./file/values-file.ts";
import { jupyterhubPath, profilesLayer } from "./generated.ts";
import { type HubValuesInput, hubValues } from "./hub-values.ts";
import { explained, masked } from "./provenance.ts";
import { SchemaCompiler } from "./schema/schema-compiler.ts";

const CHART: ChartValues = {
  name: "hub",
  values: { hub: { image: "a", replicas: 1, extra: { x: 1 } }, global: { zone: "a" } },
  file: "charts/hub/values.yaml",
  charts: [],
};

const input = (more: Partial<HubValuesInput> = {}): HubValuesInput => ({
  chart: CHART,
  files: [
    readValuesFile("hub:\n  image: b\n  extra: null\n", "common.yaml"),
    readValuesFile("hub:\n  image: c\n", "staging.yaml"),
  ],
  generated: [],
  secrets: [{ source: "enc.yaml", values: { hub: { token: "hush", keys: { a: "hush" } } }, secret: true }],
  schemas: new SchemaCompiler(),
  ...more,
});

describe("the values of a hub", () => {
  it("are what the release is given, and what its templates see", () => {
    const { userSupplied, effective, problems } = hubValues(input());
    const secret = { token: "hush", keys: { a: "hush" } };
    expect(userSupplied).toEqual({ hub: { image: "c", extra: null, ...secret } });
    expect(effective).toEqual({ hub: { image: "c", replicas: 1, ...secret }, global: { zone: "a" } });
    expect(problems).toEqual([]);
  });

  it("are what the files say, where the chart is elsewhere", () => {
    const { chart: _, ...rest } = input();
    const { userSupplied, effective } = hubValues(rest);
    expect(effective).toEqual(userSupplied);
  });

  it("tell where each comes from, and over what", () => {
    const { provenance } = hubValues(input());
    expect(provenance.originOf(["hub", "image"])).toEqual({
      source: "staging.yaml",
      secret: false,
      line: 2,
      column: 10,
      over: ["common.yaml", "charts/hub/values.yaml"],
    });
    expect(provenance.originOf(["hub", "replicas"])).toMatchObject({
      source: "charts/hub/values.yaml",
      over: [],
    });
    expect(provenance.originOf(["hub", "none"])).toBeUndefined();
  });

  it("are shown without secrets", () => {
    const { effective, provenance } = hubValues(input());
    expect(masked(effective, provenance)).toMatchObject({
      hub: { image: "c", token: "[secret]", keys: { a: "[secret]" } },
    });
    expect(JSON.stringify(explained(effective, provenance))).not.toContain("hush");
  });

  it("warn of a file's value that a generated one replaces", () => {
    const profiles = profilesLayer([{ display_name: "Small", slug: "small" }], CHART);
    const files = [readValuesFile("singleuser:\n  profileList: []\n", "common.yaml")];
    const { problems, userSupplied } = hubValues(input({ files, generated: [profiles] }));
    expect(problems.map(formatProblem)).toEqual([
      "common.yaml:2:3 singleuser.profileList: the cluster's profiles replace this value. Remove it here.",
    ]);
    expect(userSupplied).toMatchObject({ singleuser: { profileList: [{ slug: "small" }] } });
  });

  it("miss nothing that secrets may set, where these are left out", () => {
    const schema = {
      text: '{"required": ["token"], "properties": {"hub": {"maxProperties": 0}}}',
      file: "s.json",
    };
    const given = input({ chart: { ...CHART, schema }, secrets: [], withoutSecrets: true });
    expect(hubValues(given).problems.map(({ path }) => path)).toEqual(["hub"]);
  });

  it("are checked against the schema of each chart in the chart", () => {
    const schema = { text: '{"properties": {"size": {"type": "integer"}}}', file: "s.json" };
    const db: ChartValues = { name: "db", values: {}, file: "db/values.yaml", schema, charts: [] };
    const files = [readValuesFile("db:\n  size: big\n", "common.yaml")];
    const { problems } = hubValues(input({ chart: { ...CHART, charts: [db] }, files }));
    expect(problems).toMatchObject([{ file: "common.yaml", line: 2, column: 9, path: "db.size" }]);
  });

  it("name the file that gives a chart in the chart something else than a map", () => {
    const db: ChartValues = { name: "db", values: {}, file: "db/values.yaml", charts: [] };
    const files = [readValuesFile("a: 1\ndb: x\n", "common.yaml")];
    const { problems } = hubValues(input({ chart: { ...CHART, charts: [db] }, files }));
    expect(problems).toMatchObject([{ file: "common.yaml", line: 2, path: "db", code: "wrong-type" }]);
  });
});

describe("JupyterHub's own values", () => {
  const jupyterhub: ChartValues = { name: "jupyterhub", values: {}, file: "j", charts: [] };

  it.each([
    ["of its own chart are at the top", jupyterhub, []],
    ["of a chart that is no other's are at the top", CHART, []],
    ["are under its name in a chart that uses it", { ...CHART, charts: [jupyterhub] }, ["jupyterhub"]],
    [
      "are under its alias",
      { ...CHART, dependencies: [{ name: "jupyterhub", alias: "hub" }], charts: [jupyterhub] },
      ["hub"],
    ],
    [
      "are found in charts of charts",
      { ...CHART, charts: [{ ...CHART, name: "basehub", charts: [jupyterhub] }] },
      ["basehub", "jupyterhub"],
    ],
  ])("%s", (_, chart, path) => {
    expect(jupyterhubPath(chart)).toEqual(path);
  });

  const profiles = [
    {
      display_name: "A",
      slug: "a",
      kubespawner_override: { tolerations: [{ key: "user" }, { key: "pool" }] },
    },
    {
      display_name: "B",
      slug: "b",
      kubespawner_override: { image: "x" },
      profile_options: {
        nodes: { choices: { big: { kubespawner_override: { tolerations: [{ key: "big" }] } }, any: {} } },
      },
    },
  ];

  it("give each list of tolerations in the profiles what the hub's own pods tolerate", () => {
    const given = { jupyterhub: { singleuser: { extraTolerations: [{ key: "exam" }] } } };
    const inner = { ...jupyterhub, values: { scheduling: { userPods: { tolerations: [{ key: "user" }] } } } };
    const { values } = profilesLayer(profiles, { ...CHART, charts: [inner] }, given);
    expect(values).toMatchObject({
      jupyterhub: {
        singleuser: {
          profileList: [
            { kubespawner_override: { tolerations: [{ key: "exam" }, { key: "user" }, { key: "pool" }] } },
            {
              kubespawner_override: { image: "x" },
              profile_options: {
                nodes: {
                  choices: {
                    big: {
                      kubespawner_override: {
                        tolerations: [{ key: "user" }, { key: "exam" }, { key: "big" }],
                      },
                    },
                    any: {},
                  },
                },
              },
            },
          ],
        },
      },
    });
  });

  it("leave the profiles as they are where nothing is known of them", () => {
    expect(profilesLayer(profiles, undefined).values).toEqual({ singleuser: { profileList: profiles } });
  });
});
