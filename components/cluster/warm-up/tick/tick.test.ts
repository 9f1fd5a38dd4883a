import fc from "fast-check";
import { expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { anyWindows, at, someWindow, someWindows } from "../testing/some-windows.ts";
import { placeholdersAt } from "./placeholders-at.ts";
import { tick } from "./tick.ts";

const WINDOWS = someWindows([someWindow("python", 30, 60, 70, 300), someWindow("gpu", 30, 60, 70, 20)], {
  python: 0,
  gpu: 0,
});
const now = (minutes: number) => ({ now: at(minutes) });

it("a tick scales what differs, and says so in one line", async () => {
  const cluster = new FakeCluster();
  cluster.has.set("warm-up-gpu", 20);
  expect(await tick(WINDOWS, cluster, now(30))).toEqual({
    line: "2026-10-05T00:30:00Z scaled python 0 → 300",
    problems: [],
  });
  expect(cluster.writes).toBe(1);
});

it("a tick that finds everything right writes nothing, and names the next event", async () => {
  const cluster = new FakeCluster();
  expect((await tick(WINDOWS, cluster, now(0))).line).toBe(
    "2026-10-05T00:00:00Z nothing to scale; the next event is algebra-lecture, from 2026-10-05T00:30:00Z",
  );
  expect((await tick(WINDOWS, cluster, now(99))).line).toMatch(/; no event is known after this$/);
  expect(cluster.writes).toBe(0);
});

it("a dry run says what it would scale, and scales nothing", async () => {
  const cluster = new FakeCluster();
  const { line } = await tick(WINDOWS, cluster, { ...now(45), dryRun: true });
  expect(line).toMatch(/ would scale python 0 → 300, gpu 0 → 20$/);
  expect(cluster.writes).toBe(0);
});

it("one placeholder that can't be scaled keeps no other one from it", async () => {
  const cluster = new FakeCluster();
  cluster.refuses.add("warm-up-python");
  const { line, problems } = await tick(WINDOWS, cluster, now(45));
  expect(line).toMatch(/ scaled gpu 0 → 20$/);
  expect(problems.map(({ code }) => code)).toEqual(["scale-refused"]);
});

it("where the calendar has ended, nothing is left over, and the tick reports it", async () => {
  const cluster = new FakeCluster();
  cluster.has.set("warm-up-python", 300);
  const { problems } = await tick({ ...WINDOWS, until: at(100) }, cluster, now(100));
  expect(problems.map(({ code }) => code)).toEqual(["calendar-ended"]);
  expect(cluster.has.get("warm-up-python")).toBe(0);
});

it("whichever ticks were missed or came twice, the next one brings the cluster to the same place", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyWindows,
      fc.array(fc.nat(2_400), { maxLength: 8 }),
      fc.nat(2_400),
      async (windows, before, last) => {
        const cluster = new FakeCluster();
        for (const minutes of before) await tick(windows, cluster, now(minutes));
        await tick(windows, cluster, now(last));
        const wanted = placeholdersAt(windows, now(last).now);
        for (const [key, replicas] of wanted) expect(cluster.has.get(`warm-up-${key}`) ?? 0).toBe(replicas);
        const { writes } = cluster;
        await tick(windows, cluster, now(last));
        expect(cluster.writes).toBe(writes);
      },
    ),
  );
});
