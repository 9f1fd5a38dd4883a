import { afterEach, beforeEach, expect, it } from "vitest";
import { changesOf, type JsonReport } from "./command.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

const CHART = "apiVersion: v2\nname: hub\nversion: 1.0.0\n";
const CLUSTER = `values: [common.yaml]
hubs:
  - {name: staging, chart: hub, health: false}
  - {name: prod, chart: hub, health: false}
`;
const COMMON = "image: {name: lectern://images/lab#repository, tag: lectern://images/lab#tag}\n";

let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
  const { repository } = place;
  repository.write("charts/hub/Chart.yaml", CHART);
  repository.write("clusters/campus/cluster.yaml", CLUSTER);
  repository.write("clusters/campus/common.yaml", COMMON);
  repository.write("images/lab/Dockerfile", "FROM ubuntu:24.04\n");
  repository.write("images/spare/Dockerfile", "FROM ubuntu:24.04\n");
  repository.commit();
});
afterEach(() => place.close());

const up = (stack: string, ...args: string[]) => place.json("up", "--stack", stack, ...args);
const imagesOf = ({ outputs }: JsonReport) => outputs["hubImages"];

it("an image of hubs is built in staging where a hub names it, and production gets the same digest", async () => {
  const staging = await up("staging");
  expect(staging.code, JSON.stringify(staging)).toBe(0);
  expect(changesOf(staging).filter((change) => change.includes("Image"))).toEqual([
    "create Image hub-image-lab",
  ]);
  expect(imagesOf(staging)).toEqual({
    lab: { image: expect.stringMatching(/\/lab:[0-9a-f]{16}@sha256:[0-9a-f]{64}$/) },
  });

  const prod = await up("prod");
  expect(prod.code, JSON.stringify(prod)).toBe(0);
  expect(changesOf(prod).join()).not.toContain("Image");
  expect(imagesOf(prod)).toEqual(imagesOf(staging));

  // Another commit builds nothing; one of the image holds production until staging has built it.
  place.repository.write("images/spare/Dockerfile", "FROM ubuntu:26.04\n");
  place.repository.commit();
  expect((await up("staging", "--expect-no-changes")).code).toBe(0);
  place.repository.write("images/lab/Dockerfile", "FROM ubuntu:26.04\n");
  place.repository.commit();
  const held = await up("prod", "--expect-no-changes");
  expect(held.code, JSON.stringify(held)).toBe(0);
  expect(held.outputs["holds"]).toMatchObject({ "hub/campus/prod": { deployed: true } });
});
