import Table from "cli-table3";
import fc from "fast-check";
import { findHubPrograms } from "../engine/hubs/hub-place.ts";
import { KillsPlace } from "../engine/hubs/kills/kills-place.ts";
import { type Kill, KillRounds, type Round } from "./kill-rounds.ts";

/** Where in a deployment it is killed: a share of the requests that write something. */
interface Place extends Omit<Kill, "number"> {
  readonly share: number;
}

const place: fc.Arbitrary<Place> = fc.record({
  share: fc.integer({ min: 0, max: 999 }).map((number) => number / 1000),
  side: fc.constantFrom("before", "after"),
  what: fc.constantFrom("all", "all", "engine"),
});

/**
 * Kills deployments of hubs at random moments: in each round one hub is installed, one upgraded, one rolled back,
 * one retired and one removed at the same time. The next deployment has to heal them all, unaided. Rounds without
 * a kill come first: they show how many requests a deployment sends.
 * @returns whether it does in each round
 */
export async function killCampaign({ rounds, seed }: { rounds: number; seed: number }): Promise<boolean> {
  const found = findHubPrograms();
  if (found === undefined)
    throw new Error("The engine or the cluster is missing: run test/services/install.sh");
  process.stdout.write(`seed ${seed}, ${rounds} rounds\n`);
  const kills = fc.sample(place, { seed, numRuns: rounds });
  const cluster = await KillsPlace.start(found.cli, found.programs);
  try {
    return await killEach(kills, new KillRounds(cluster), seed);
  } finally {
    await cluster.stop();
  }
}

async function killEach(kills: readonly Place[], campaign: KillRounds, seed: number): Promise<boolean> {
  const table = new Table({
    head: ["round", "killed", "at", "left", "healed", "seconds"],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [7, 16, 40, 44, 8, 9],
  });
  const writes = await calmly(campaign);
  if (writes === undefined) return false;
  let missed = 0;
  try {
    for (const [index, { share, ...kill }] of kills.entries()) {
      const number = 1 + Math.floor(share * writes);
      const round = await campaign.run({ ...kill, number });
      const where = `${kill.what}, ${kill.side} ${number}`;
      process.stdout.write(`round ${index + 1}: ${line(round)}\n`);
      if (round.at === undefined) missed++;
      else table.push([index + 1, where, round.at, round.left.join(", "), round.healed, round.seconds]);
      if (round.wrong.length === 0) continue;
      process.stdout.write(`${round.wrong.join("\n")}\n`);
      process.stdout.write(
        `Not healed: seed ${seed}, round ${index + 1}, killed ${where} (${round.at}). Again: npm run campaign -- kills --seed ${seed} --rounds ${index + 1}\n`,
      );
      return false;
    }
    return true;
  } finally {
    process.stdout.write(`${table.toString()}\n${missed} deployments ended before they were killed\n`);
  }
}

/** Deploys without a kill until there are hubs of every age. @returns how many requests wrote something in the last deployment; undefined where something is wrong */
async function calmly(campaign: KillRounds): Promise<number | undefined> {
  for (;;) {
    const isFull = campaign.untilFull === 0;
    const round = await campaign.run(undefined);
    process.stdout.write(`no kill: ${round.writes} requests; ${round.seconds} s\n`);
    if (round.wrong.length > 0 || round.writes === undefined) {
      process.stdout.write(`${round.wrong.join("\n")}\n`);
      return undefined;
    }
    if (isFull) return round.writes;
  }
}

const line = ({ at, left, healed, seconds }: Round) =>
  at === undefined
    ? `it ended before; ${seconds} s`
    : `killed at ${at}; left ${left.join(", ")}; healed ${healed}; ${seconds} s`;
