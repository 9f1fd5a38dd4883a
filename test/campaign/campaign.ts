import { parseArgs } from "node:util";
import { compareLonger } from "./comparisons.ts";
import { killCampaign } from "./kill-campaign.ts";

/** Every campaign by its name: true where nothing was found. `npm run campaign -- NAME…` runs some. */
const CAMPAIGNS: Record<string, (options: { rounds: number; seed: number }) => Promise<boolean>> = {
  kills: killCampaign,
  values: () => compareLonger("services", "test/services/helm/values.test.ts", "LECTERN_VALUES_RUNS", 100),
  articles: () =>
    compareLonger("unit", "components/article/creation/article-model.test.ts", "LECTERN_MODEL_RUNS", 400),
  convergence: () =>
    compareLonger("sandbox", "test/sandbox/convergence.test.ts", "LECTERN_CONVERGENCE_RUNS", 10),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "20" }, seed: { type: "string" } },
});
const unknown = positionals.filter((name) => !(name in CAMPAIGNS));
const [rounds, seed] = [Number(values.rounds), Number(values.seed ?? Date.now() % 1_000_000)];
if (unknown.length > 0 || !Number.isInteger(rounds) || !Number.isInteger(seed)) {
  process.stderr.write(
    `Usage: npm run campaign -- [${Object.keys(CAMPAIGNS).join("|")}]… [--rounds N] [--seed N]\n`,
  );
  process.exit(2);
}
for (const [name, run] of Object.entries(CAMPAIGNS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  process.stdout.write(`${name} …\n`);
  if (!(await run({ rounds, seed }))) process.exitCode = 1;
}
