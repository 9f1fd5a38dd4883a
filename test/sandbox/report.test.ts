import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type DeployedMap, mapSchema } from "../../plan/map/map-file.ts";
import { API_KEY, openWorkplace, type Workplace } from "./workplace.ts";

let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
});
afterEach(() => place.close());

/** `lectern report` in a process of its own. */
async function report(...args: string[]): Promise<string> {
  const all = [resolve("cli/lectern.mjs"), "report", "--state", place.state, ...args];
  return (await promisify(execFile)(process.execPath, all)).stdout;
}
const map = async (): Promise<DeployedMap> => mapSchema.parse(JSON.parse(await report("--json")));
const things = ({ stacks }: DeployedMap) =>
  stacks.flatMap(({ stack, outputs }) => (outputs?.things ?? []).map((thing) => ({ stack, ...thing })));

it("what the sandbox has deployed is reported as it is: staging, production, and what production holds", async () => {
  place.repository.addCourse("bell");
  place.repository.commit();
  for (const stack of ["staging", "prod"]) expect((await place.json("up", "--stack", stack)).code).toBe(0);
  const before = things(await map());
  place.repository.addCourse("bell", { text: "It changed." });
  place.repository.addCourse("new");
  place.repository.commit();
  expect((await place.json("up", "--stack", "prod")).code).toBe(0);
  const after = things(await map());
  expect(after.map(({ stack, id, held }) => [stack, id, held])).toEqual([
    [
      "prod",
      "course/bell",
      { reason: expect.stringContaining("staging has processed other content"), deployed: true },
    ],
    ["prod", "course/new", { reason: "staging has not deployed it yet", deployed: false }],
    ["staging", "course/bell", undefined],
  ]);
  // What is held stays as it is, since when it was.
  expect(after[0]).toMatchObject({ since: before[0]?.since, digest: before[0]?.digest });
  expect(Date.parse(before[0]?.since ?? "")).toBeGreaterThan(Date.now() - 3_600_000);
  const page = await report();
  expect(page).toContain("staging has not deployed it yet; it is not deployed yet");
  expect(page + JSON.stringify(after)).not.toContain(API_KEY);
});
