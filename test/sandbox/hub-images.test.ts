import { mkdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
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

it("the nodes of each environment hold an image that users of its hubs start, by the digest that it has there", async () => {
  place.repository.write("clusters/campus/common.yaml", `singleuser: {image: lectern://images/lab}\n`);
  place.repository.commit();
  for (const stack of ["staging", "prod"]) {
    const deployed = await up(stack);
    expect(deployed.code, JSON.stringify(deployed)).toBe(0);
    expect(changesOf(deployed)).toContain(`create DaemonSet campus-prepull-${stack}-anywhere`);
    expect((await up(stack, "--expect-no-changes")).code).toBe(0);
  }
  place.repository.write("images/lab/Dockerfile", "FROM ubuntu:26.04\n");
  place.repository.commit();
  const changed = await up("staging");
  expect(changesOf(changed)).toContain("update DaemonSet campus-prepull-staging-anywhere");
  // A hub that is held keeps what its nodes hold.
  place.repository.write("clusters/campus/common.yaml", `a: 1\nsingleuser: {image: lectern://images/lab}\n`);
  place.repository.commit();
  const before = imagesOf(await up("prod"));
  for (let runs = 0; runs < 2; runs++) {
    const held = await up("prod", "--expect-no-changes");
    expect(held.code, JSON.stringify(held)).toBe(0);
    expect(imagesOf(held)).toEqual(before);
  }
  expect(before).not.toEqual(imagesOf(changed));
});

it("a hub that is held keeps the image that it was deployed with on its nodes, while another hub gets a newer one", async () => {
  const clusterWith = (old: string) => `values: [common.yaml]
hubs:
  - {name: staging, chart: hub, health: false}
  - {name: staging-old, chart: hub, health: false${old}}
`;
  place.repository.write("clusters/campus/cluster.yaml", clusterWith(""));
  place.repository.write("clusters/campus/common.yaml", `singleuser: {image: lectern://images/lab}\n`);
  place.repository.commit();
  expect((await up("staging")).code).toBe(0);
  place.repository.write("clusters/campus/cluster.yaml", clusterWith(", hold: true"));
  place.repository.write("images/lab/Dockerfile", "FROM ubuntu:26.04\n");
  place.repository.commit();
  expect(changesOf(await up("staging"))).toContain("update DaemonSet campus-prepull-staging-anywhere");
  expect(changesOf(await up("staging"))).toEqual([]);
});

it("an image whose hub is held, or rolled back, stays as it was built, and is not built again afterwards", async () => {
  const declare = (more: string) => {
    place.repository.write(
      "clusters/campus/cluster.yaml",
      `values: [common.yaml]\nhubs: [{name: staging, chart: hub, health: false${more}}]\n`,
    );
    place.repository.commit();
  };
  declare("");
  expect(changesOf(await up("staging"))).toContain("create Image hub-image-lab");
  for (const more of [", hold: true", ", rollback: true", ""]) {
    declare(more);
    const deployed = await up("staging");
    expect(deployed.code, JSON.stringify(deployed)).toBe(0);
    expect(changesOf(deployed).join(), more).not.toContain("hub-image-lab");
  }
  // What is held is not built from newer content, either.
  declare(", hold: true");
  place.repository.write("images/lab/Dockerfile", "FROM ubuntu:26.04\n");
  expect(changesOf(await up("staging"))).toEqual(["delete Image hub-image-lab"]);
});

it("an image that can't be built leaves what is known of it and of its hubs as it was", async () => {
  const staging = await up("staging");
  expect(staging.code, JSON.stringify(staging)).toBe(0);
  // The registry keeps nothing for the repository any more.
  const kept = join(place.state, "registry/repositories/lectern%2Fbuilt%2Flab.json");
  renameSync(kept, `${kept}.before`);
  mkdirSync(kept);
  place.repository.write("images/lab/Dockerfile", "FROM ubuntu:26.04\n");
  place.repository.commit();
  const failed = await up("staging", "--continue-on-error");
  expect(failed.code).not.toBe(0);
  expect(imagesOf(failed)).toEqual(imagesOf(staging));
  expect(failed.outputs["hubs"]).toMatchObject({ "campus/staging": { healthy: false } });
  expect((await up("prod")).outputs["holds"]).toMatchObject({ "hub/campus/prod": { deployed: false } });

  rmdirSync(kept);
  renameSync(`${kept}.before`, kept);
  expect(changesOf(await up("staging"))).toContain("update Image hub-image-lab");
});

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
