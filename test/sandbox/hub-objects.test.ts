import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { changeLines } from "../../components/hub/objects/change-lines.ts";
import { findHelm, requireService } from "../services/require.ts";
import { callSandbox, report } from "./command.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

const CLUSTER = `values: [common.yaml]
hubs:
  - {name: staging, chart: hub, domain: staging.example.org, values: [staging.yaml]}
  - {name: prod, chart: hub, domain: hub.example.org}
`;
const stagingWith = (level: string, token: string) =>
  `hub: {extraEnv: {LEVEL: ${level}, API_TOKEN: canary-${token}}}
`;

let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
  const { repository } = place;
  cpSync("catalog/charts/hub", join(repository.catalog, "charts/hub"), { recursive: true });
  repository.write("clusters/campus/cluster.yaml", CLUSTER);
  repository.write("clusters/campus/common.yaml", "{}\n");
  repository.write("clusters/campus/staging.yaml", stagingWith("INFO", "one"));
});
afterEach(() => place.close());

const { PATH = "" } = process.env;

async function up() {
  const { code, diagnostics } = await place.json("up");
  expect(code, JSON.stringify(diagnostics)).toBe(0);
}

/** What the sandbox shows of each hub that changes. */
async function previewed() {
  const result = await place.sandbox("preview", "--json");
  expect(result.code, result.stderr).toBe(0);
  expect(result.stdout).not.toContain("canary-");
  return report(result).steps.flatMap(({ objects }) => (objects ? [changeLines(objects)] : []));
}

requireService("Helm", findHelm, (helm) => {
  beforeEach(async () => {
    process.env["PATH"] = `${dirname(helm)}:${PATH}`;
    await up();
  });
  afterEach(() => {
    process.env["PATH"] = PATH;
  });

  it("shows which objects of a hub change, what its users notice, and nothing of another", async () => {
    expect(await previewed()).toEqual([]);
    place.repository.write("clusters/campus/staging.yaml", stagingWith("DEBUG", "one"));
    expect(await previewed()).toEqual([
      [
        "hub campus/staging: 1 object",
        "  Deployment hub: env LEVEL INFO → DEBUG",
        "  values: hub.extraEnv.LEVEL INFO → DEBUG",
        "  the hub restarts: spawning stops for about 10 s; running servers go on",
      ],
    ]);
    const shown = await place.sandbox("preview");
    expect(shown.stdout).toMatch(/~ Hub campus\/staging +update\n +Deployment hub: env LEVEL INFO → DEBUG\n/);
    await up();
    expect(await previewed()).toEqual([]);
  });

  it("shows what a change of the chart does, and masks what looks secret", async () => {
    const { repository } = place;
    repository.write(
      "charts/hub/templates/extra.yaml",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra}\n",
    );
    repository.write("clusters/campus/staging.yaml", stagingWith("INFO", "two"));
    expect(await previewed()).toEqual([
      [
        "hub campus/staging: 2 objects",
        "  ConfigMap extra: added",
        "  Deployment hub: env API_TOKEN changed",
        "  values: hub.extraEnv.API_TOKEN changed",
        "  the hub restarts: spawning stops for about 10 s; running servers go on",
      ],
      ["hub campus/prod: 1 object", "  ConfigMap extra: added"],
    ]);
  });

  it("shows the example as the guide does", async () => {
    const catalog = join(place.state, "../example");
    cpSync("catalog", catalog, { recursive: true });
    const given = ["--catalog", catalog, "--state", join(place.state, "../example-state")];
    expect(await callSandbox(["up", ...given])).toMatchObject({ code: 0 });
    const file = join(catalog, "clusters/campus/staging.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("guarantee: 512M", "guarantee: 512M\n    limit: 3G"));
    const { stdout } = await callSandbox(["preview", ...given]);
    const guide = readFileSync("docs/guides/run-hubs.md", "utf8");
    const [, shown = ""] = /```text\n(Plan\n {2}= Cluster campus .*?)```/s.exec(guide) ?? [];
    expect(stdout.slice(stdout.indexOf("Plan\n"))).toBe(shown);
  });

  it("lists the values where helm is not on PATH, now or when the hub was deployed", async () => {
    process.env["PATH"] = "/none";
    place.repository.write("clusters/campus/staging.yaml", stagingWith("DEBUG", "one"));
    expect(await previewed()).toEqual([
      [
        "hub campus/staging: 1 value",
        "  objects were not compared: helm is not on PATH. Install Helm 3.13 or later",
        "  values: hub.extraEnv.LEVEL INFO → DEBUG",
      ],
    ]);
  });
});
