import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../testing/command-test.ts";
import { frozenHubs } from "./frozen-hubs.ts";

const catalog = temporaryFolder("frozen-hubs");
const job = (hub: string) => ({ cluster: "campus", hub, reasons: [] });
const PLAN = { staging: [job("staging")], prod: [{ ...job("prod"), provenBy: ["staging"] }] };

it("names the hubs of a plan that an event freezes at a moment, with the event that lasts the longest", async () => {
  expect(await frozenHubs(catalog, PLAN, 0)).toEqual([]);
  for (const folder of ["calendar", "clusters/campus"]) mkdirSync(join(catalog, folder), { recursive: true });
  const chart = '{repository: "https://hub.jupyter.org/helm-chart/", name: jupyterhub, version: 4.4.0}';
  writeFileSync(join(catalog, "clusters/campus/cluster.yaml"), `hubs: [{name: prod, chart: ${chart}}]\n`);
  const event = (id: string, end: string) =>
    `- {id: ${id}, kind: lecture, title: ${id}, hub: campus/prod, start: 2026-10-05T09:00, end: 2026-10-05T${end}}\n`;
  const events = event("short", "10:00") + event("long", "11:00");
  writeFileSync(join(catalog, "calendar/autumn.yaml"), `timeZone: Europe/Rome\nevents:\n${events}`);
  const at = (time: string) => frozenHubs(catalog, PLAN, Date.parse(time));
  expect(await at("2026-10-05T07:59+02:00")).toEqual([]);
  expect(await at("2026-10-05T08:00+02:00")).toEqual([
    {
      ...{ cluster: "campus", hub: "prod" },
      reason: "frozen until 2026-10-05 11:00 (Europe/Rome) for the lecture long",
    },
  ]);
  expect(await at("2026-10-05T11:00+02:00")).toEqual([]);
});
