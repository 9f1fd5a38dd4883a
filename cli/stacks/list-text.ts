import { styleText } from "node:util";
import { formatProblem } from "../../components/problem/problem.ts";
import { describePart, type Part } from "../../stacks/shards/claims.ts";
import type { ListedStack, Listing } from "./list.ts";

/** A listing for people: a line for each stack, then what is wrong. */
export function textOfListing(listing: Listing): string {
  const { stacks, counts, nobody, problems } = listing;
  const width = Math.max(0, ...stacks.map(({ stack }) => stack.length));
  const lines = stacks.map((stack) => `${stack.stack.padEnd(width)}  ${deployedBy(stack, counts)}`);
  const none = stacks.length === 0 ? ["There is no Pulumi.staging.yaml and no Pulumi.prod.yaml."] : [];
  const idle = nobody.map(({ environment, part }) =>
    styleText("yellow", `! no stack of ${environment} deploys ${describePart(part)}`),
  );
  const wrong = problems.map((problem) => styleText("red", `✗ ${formatProblem(problem)}`));
  return [...none, ...lines, ...idle, ...wrong, ""].join("\n");
}

function deployedBy({ deploys, provenBy }: ListedStack, counts: Listing["counts"]): string {
  if (deploys.length === 0) return "nothing";
  const clusters = deploys.flatMap((part) => part.split("clusters/")[1] ?? []);
  const parts = [
    ...(["articles", "kernels"] as const).flatMap((part) => counted(deploys, part, counts[part])),
    ...(clusters.length === 0
      ? []
      : [`${clusters.length === 1 ? "cluster" : "clusters"} ${clusters.join(" ")}`]),
  ];
  return `${parts.join(", ")}${provenBy === undefined ? "" : `   proven by ${provenBy}`}`;
}

const counted = (deploys: readonly Part[], part: "articles" | "kernels", count: number) =>
  deploys.includes(part) ? [`${count} ${count === 1 ? part.slice(0, -1) : part}`] : [];
