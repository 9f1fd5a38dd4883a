import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { ListedStack } from "../stacks/list.ts";
import { runStacks, type StackOutcome } from "./run-stacks.ts";
import { type Phase, schedule } from "./schedule.ts";
import { parseWaves } from "./waves.ts";

const stack = (name: string, ...clusters: string[]): ListedStack => ({
  stack: name,
  environment: name.startsWith("prod") ? "prod" : "staging",
  file: `Pulumi.${name}.yaml`,
  deploys: clusters.length > 0 ? clusters.map((cluster) => `clusters/${cluster}`) : ["articles"],
});
const STACKS = [
  stack("staging"),
  stack("staging-campus", "campus"),
  stack("staging-hpc", "hpc"),
  stack("prod"),
  stack("prod-campus", "campus"),
  stack("prod-hpc", "hpc"),
];

describe("the schedule", () => {
  it("has all of staging before all of production", () => {
    expect(schedule(STACKS, undefined)).toEqual([
      { environment: "staging", stacks: ["staging", "staging-campus", "staging-hpc"] },
      { environment: "prod", stacks: ["prod", "prod-campus", "prod-hpc"] },
    ]);
  });

  it("has one environment or the stacks of one cluster alone", () => {
    expect(schedule(STACKS, undefined, { environment: "prod", only: "hpc" })).toEqual([
      { environment: "prod", stacks: ["prod-hpc"] },
    ]);
    expect(() => schedule(STACKS, undefined, { only: "hpcs" })).toThrow(
      /no stack .* "hpcs". Did you mean "hpc"/,
    );
    expect(() => schedule([], undefined)).toThrow(/there is no stack to deploy/);
  });

  it("has a phase for each wave of production, and what has no cluster in the first", () => {
    expect(schedule(STACKS, [["hpc"], ["other"], ["campus"]]).slice(1)).toEqual([
      { environment: "prod", wave: { number: 1, of: 2 }, stacks: ["prod", "prod-hpc"] },
      { environment: "prod", wave: { number: 2, of: 2 }, stacks: ["prod-campus"] },
    ]);
  });

  it("refuses a stack whose clusters are in several waves", () => {
    expect(() => schedule([stack("prod", "campus", "hpc")], [["hpc"], ["campus"]])).toThrow(
      /Pulumi.prod.yaml lectern:scope: the stack prod deploys clusters of several waves: campus, hpc.*stacks split campus/,
    );
  });
});

describe("waves.yaml", () => {
  const read = (text: string) => parseWaves(text, "catalog/waves.yaml", ["a", "b", "c", "d"]);

  it("names clusters and labels; the others are the last wave", () => {
    expect(read("labels: {pilot: [c, d]}\nwaves: [pilot, [a]]\n")).toEqual([["c", "d"], ["a"], ["b"]]);
    expect(read("waves: [[a, b, c, d]]\n")).toEqual([["a", "b", "c", "d"]]);
  });

  it("reports everything that is wrong at once, with its place", () => {
    expect(() => read("labels: {a: [x]}\nwaves: [aa, [b, y], b]\n")).toThrow(
      /waves.yaml:1:\d+ labels.a: "a" is the name of a cluster.*\n.*labels.a\[0\].*"x".*\n.*waves\[0\].*"aa".*\n.*waves\[1\]\[1\].*"y".*\n.*the cluster b is in two waves/,
    );
    expect(() => read("wave: [a]\n")).toThrow(/waves.yaml.*wave/);
  });
});

describe("running stacks", () => {
  const OK: StackOutcome = { ok: true, changes: { same: 1 }, errors: [], warnings: [], live: [] };
  const FAILED: StackOutcome = { ...OK, ok: false, errors: ["broken"] };
  const phases: Phase[] = [
    { environment: "staging", stacks: ["staging-a", "staging-b"] },
    { environment: "prod", wave: { number: 1, of: 2 }, stacks: ["prod-a", "prod-b"] },
    { environment: "prod", wave: { number: 2, of: 2 }, stacks: ["prod-c"] },
  ];

  async function run(failing: readonly string[], { jobs = 2, interruptAt = "" } = {}) {
    const log: string[] = [];
    let [running, most] = [0, 0];
    const interruption = new AbortController();
    const results = await runStacks(phases, {
      jobs,
      signal: interruption.signal,
      now: () => 0,
      deploy: async (name) => {
        log.push(name);
        most = Math.max(most, ++running);
        await delay(2);
        running--;
        if (name === interruptAt) interruption.abort();
        if (failing.includes(`${name}!`)) throw new Error("thrown");
        return failing.includes(name) || name === interruptAt ? FAILED : OK;
      },
    });
    return { log, most, states: results.map(({ stack: name, state }) => `${name} ${state}`), results };
  }

  it("runs so many stacks at a time, staging before production, wave after wave", async () => {
    const { log, most, states } = await run([]);
    expect(log).toEqual(["staging-a", "staging-b", "prod-a", "prod-b", "prod-c"]);
    expect(most).toBe(2);
    expect(states.every((state) => state.endsWith(" deployed"))).toBe(true);
    expect((await run([], { jobs: 1 })).most).toBe(1);
  });

  it("goes on with every other stack where one of staging fails, its own production included", async () => {
    const { states } = await run(["staging-a"]);
    expect(states).toEqual([
      "staging-a failed",
      "staging-b deployed",
      "prod-a deployed",
      "prod-b deployed",
      "prod-c deployed",
    ]);
  });

  it("stops the later waves where one fails, and the failure of a call is one of the stack", async () => {
    const { states, results } = await run(["prod-a!"]);
    expect(states.slice(2)).toEqual(["prod-a failed", "prod-b deployed", "prod-c not started"]);
    expect(results[2]?.errors).toEqual(["thrown"]);
    expect(results[4]?.reason).toBe("the wave before it stopped at prod-a");
  });

  it("starts nothing after an interruption", async () => {
    const { states } = await run([], { jobs: 1, interruptAt: "staging-a" });
    expect(states).toEqual([
      "staging-a interrupted",
      "staging-b not started",
      "prod-a not started",
      "prod-b not started",
      "prod-c not started",
    ]);
  });
});
