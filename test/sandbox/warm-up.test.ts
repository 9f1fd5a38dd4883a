import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { readWindows } from "../../components/cluster/warm-up/windows.ts";
import { changesOf } from "./command.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

/** A lecture each day of a month from now on, whatever day it is. */
const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
const calendar = (people: number) => `timeZone: Europe/Rome
events:
  - {id: algebra, kind: lecture, title: Linear algebra, hub: campus/prod, start: ${tomorrow}T09:15, end: ${tomorrow}T11:00, repeat: FREQ=DAILY;COUNT=30, people: ${people}}
`;

let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
  const { repository } = place;
  repository.write("charts/hub/Chart.yaml", "apiVersion: v2\nname: hub\nversion: 1.0.0\n");
  repository.write("clusters/campus/cluster.yaml", "hubs: [{name: prod, chart: hub, gate: none}]\n");
  repository.write("calendar/autumn.yaml", calendar(300));
  repository.commit();
});
afterEach(() => place.close());

async function run(command: "up" | "preview") {
  const report = await place.json(command);
  expect(report.code, JSON.stringify(report)).toBe(0);
  return { changes: changesOf(report), text: JSON.stringify(report) };
}

const rendered = (name: string) =>
  parse(readFileSync(join(place.state, "state/rendered/sandbox", name), "utf8"));

it("a cluster is warmed up for the events of its hubs, and a preview says what changes in words", async () => {
  const first = await run("preview");
  expect(first.text).toContain(
    "+ Linear algebra: room for 300 servers of server on campus/prod, from 30 min before",
  );
  await run("up");
  const name = "lectern-warm-up-sandbox";
  const config = rendered(`campus-configmap-jupyterhub-${name}.yaml`);
  const { windows, placeholders } = readWindows(config.data["windows.json"], "windows.json");
  expect(windows).toHaveLength(30);
  expect(windows[0]).toMatchObject({ placeholder: "prod/server", replicas: 300 });
  const job = rendered(`campus-cronjob-jupyterhub-${name}.yaml`);
  expect(job.spec.schedule).toBe("* * * * *");
  const role = rendered(`campus-role-jupyterhub-${name}.yaml`);
  expect(role.rules.map(({ resourceNames }: { resourceNames: string[] }) => resourceNames)).toEqual([
    [placeholders["prod/server"]?.name],
  ]);
  expect((await run("up")).changes).toEqual([]);

  place.repository.write("calendar/autumn.yaml", calendar(350));
  place.repository.commit();
  expect((await run("preview")).text).toContain("~ Linear algebra: people 300 → 350");
  expect((await run("up")).changes).toEqual([`update ConfigMap campus/${name}`]);

  place.repository.write("calendar/autumn.yaml", "{}\n");
  place.repository.commit();
  expect((await run("preview")).text).toContain("- Linear algebra: no longer warmed up");
  expect((await run("up")).changes).toContain("delete CronJob campus/lectern-warm-up-sandbox");
});
