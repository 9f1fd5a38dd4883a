import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { minutesFromNow, writeEvent } from "./calendar.ts";
import { changesOf, type JsonReport } from "./command.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

const CLUSTER = `values: [common.yaml]
hubs:
  - {name: staging, chart: hub, domain: staging.example.org}
  - {name: prod, chart: hub}
`;
const PROFILES = `- {display_name: Small, slug: small, kubespawner_override: {mem_limit: 2G, mem_guarantee: 512M}}
- {display_name: Large, slug: large, kubespawner_override: {mem_limit: 16G}}
`;
// Without people, nothing is warmed up.
const EXAM = { kind: "exam", hub: "campus/prod", profile: "small" };
const SOON = { start: minutesFromNow(60), end: minutesFromNow(120) };
const OVER = { start: minutesFromNow(-120), end: minutesFromNow(-60) };

let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
  place.repository.write(
    "charts/hub/Chart.yaml",
    "apiVersion: v2\nname: hub\nversion: 1.0.0\nappVersion: '5.4.0'\ndependencies: [{name: jupyterhub, version: 4.4.0, repository: 'https://hub.jupyter.org/helm-chart/'}]\n",
  );
  place.repository.write("clusters/campus/cluster.yaml", CLUSTER);
  place.repository.write("clusters/campus/common.yaml", "greeting: hello\n");
  place.repository.write("clusters/campus/profiles.yaml", PROFILES);
  place.repository.commit();
  await up("staging");
  await up("prod");
});
afterEach(() => place.close());

const text = (report: JsonReport) => JSON.stringify([report.steps, report.diagnostics]);
async function up(stack: string, ...args: string[]) {
  const report = await place.json("up", "--stack", stack, ...args);
  expect(report.code, text(report)).toBe(0);
  return report;
}
const hubOf = ({ outputs }: JsonReport) =>
  (outputs["hubs"] as Record<string, { exam?: string[]; healthy: boolean }>)["campus/prod"];

/** The release as the sandbox has rendered it. */
function values(): string {
  const folder = join(place.state, "state/rendered/prod");
  const name = readdirSync(folder).find((one) => /^campus-release-.*prod\.yaml$/.test(one)) ?? "";
  return JSON.stringify(parse(readFileSync(join(folder, name), "utf8")));
}

it("a hub offers an exam's profile alone from before it until its end, over what is deployed, and goes back", async () => {
  writeEvent(place, { ...EXAM, ...SOON });
  const plan = await place.json("preview", "--stack", "prod");
  const entry = await up("prod");
  expect(changesOf(plan)).toEqual(changesOf(entry));
  expect(changesOf(entry), text(entry)).toEqual(["update Release campus/prod"]);
  expect(hubOf(entry)).toMatchObject({ exam: ["small"], healthy: true });
  expect(entry.outputs).not.toHaveProperty("holds");
  expect(values()).toContain('"mem_guarantee":"2G"');
  expect(values()).not.toContain("Large");
  expect(changesOf(await up("prod"))).toEqual([]);

  place.repository.write("clusters/campus/common.yaml", "greeting: good morning\n");
  place.repository.commit();
  await up("staging");
  const during = await up("prod");
  expect(changesOf(during), text(during)).toEqual([]);
  expect(hubOf(during)).toMatchObject({ exam: ["small"] });
  expect(during.outputs["holds"]).toEqual({
    "hub/campus/prod": { reason: expect.stringContaining("for the exam Linear algebra"), deployed: true },
  });

  // Another change, which staging has not proven, does not keep the hub in the mode.
  place.repository.write("clusters/campus/common.yaml", "greeting: good night\n");
  writeEvent(place, { ...EXAM, ...OVER });
  const exit = await up("prod");
  expect(changesOf(exit), text(exit)).toEqual(["update Release campus/prod"]);
  expect(hubOf(exit)).not.toHaveProperty("exam");
  expect(JSON.stringify(exit.outputs["holds"])).toContain(
    "the staging hub campus/staging is healthy with another",
  );
  expect(changesOf(await up("prod"))).toEqual([]);

  await up("staging");
  const after = await up("prod");
  expect(changesOf(after)).toEqual(["update Release campus/prod"]);
  expect(values()).toContain("good night");
  expect(values()).toContain("Large");
  expect(after.outputs).not.toHaveProperty("holds");
});
