import { afterEach, beforeEach, expect, it } from "vitest";
import { changesOf } from "./command.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

const CLUSTER = `values: [common.yaml]
hubs:
  - {name: staging, chart: hub, domain: staging.example.org}
  - {name: prod, chart: hub, values: [prod.yaml]}
`;

let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
  const { repository } = place;
  repository.write(
    "charts/hub/Chart.yaml",
    "apiVersion: v2\nname: hub\nversion: 1.0.0\nappVersion: '5.4.0'\n",
  );
  repository.write("clusters/campus/cluster.yaml", CLUSTER);
  repository.write("clusters/campus/common.yaml", "greeting: hello\n");
  repository.write("clusters/campus/prod.yaml", "size: large\n");
  repository.commit();
});
afterEach(() => place.close());

async function up(stack: "staging" | "prod") {
  const report = await place.json("up", "--stack", stack);
  expect(report.code, JSON.stringify(report)).toBe(0);
  return { ...report, changes: changesOf(report).filter((change) => / (Release|Hub) /.test(change)) };
}

const hold = ({ outputs }: { outputs: Record<string, unknown> }) =>
  (outputs["holds"] as Record<string, { reason: string }> | undefined)?.["hub/campus/prod"]?.reason;

it("a production hub is deployed with what staging is, and held until then", async () => {
  await expect(up("staging")).resolves.toMatchObject({
    outputs: { hubs: { "campus/staging": { healthy: true, chart: "hub 1.0.0" } } },
  });
  expect((await up("prod")).changes).toContain("create Release campus/prod");
  expect((await up("prod")).changes).toEqual([]);

  place.repository.write("clusters/campus/common.yaml", "greeting: good morning\n");
  place.repository.write("clusters/campus/prod.yaml", "size: small\n");
  place.repository.commit();
  const held = await up("prod");
  expect(held.changes).toEqual([]);
  expect(hold(held)).toBe(
    "the staging hub campus/staging is healthy with another common.yaml; deploy staging from this commit first",
  );
  await up("staging");
  const released = await up("prod");
  expect(released.changes).toContain("update Release campus/prod");
  expect(hold(released)).toBeUndefined();
});

it("a hub goes back to its last healthy deployment, which its stack keeps as a secret", async () => {
  await up("staging");
  place.repository.write(
    "clusters/campus/cluster.yaml",
    CLUSTER.replace("domain: staging.example.org", "domain: staging.example.org, rollback: true"),
  );
  place.repository.write("clusters/campus/common.yaml", "greeting: broken\n");
  place.repository.commit();
  const back = await up("staging");
  expect(back.changes).toEqual([]);
  expect(JSON.stringify(back.outputs["hubDeployments"])).toContain("[secret]");
  expect(JSON.stringify(back)).toContain(
    "the hub campus/staging has `rollback: true`, so it gets its last healthy deployment, hub 1.0.0",
  );
});
