import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import type { Catalog } from "../../stacks/catalog.ts";
import type { StackFileScope } from "../../stacks/shards/stack-files.ts";
import { listingOf } from "./list.ts";
import { textOfListing } from "./list-text.ts";

const entry = (name: string) => ({ name, folder: name });
const CATALOG: Catalog = {
  courses: [entry("a"), entry("b")],
  blogs: [],
  kernels: [entry("python")],
  clusters: [entry("campus"), entry("hpc")],
  charts: [],
  images: [],
  unknown: [],
};
const file = (stack: string, scope?: Partial<StackFileScope["scope"]>, stagingStack?: string) =>
  ({
    stack,
    environment: stack.startsWith("prod") ? "prod" : "staging",
    file: `Pulumi.${stack}.yaml`,
    scope: scope && { articles: false, kernels: false, clusters: [], ...scope },
    stagingStack,
  }) satisfies StackFileScope;
const list = (...files: StackFileScope[]) => {
  const listing = listingOf(CATALOG, files);
  return { ...listing, text: stripVTControlCharacters(textOfListing(listing)) };
};

it("shows what each stack deploys, and what proves it", () => {
  const rest = { articles: true, kernels: true, clusters: ["hpc"] };
  const { text, problems, nobody } = list(
    file("staging", rest),
    file("staging-campus", { clusters: ["campus"] }),
    file("prod", rest),
    file("prod-campus", { clusters: ["campus"] }),
  );
  expect(text).toBe(
    [
      "staging         2 articles, 1 kernel, cluster hpc",
      "staging-campus  cluster campus",
      "prod            2 articles, 1 kernel, cluster hpc   proven by staging",
      "prod-campus     cluster campus   proven by staging-campus",
      "",
    ].join("\n"),
  );
  expect([problems, nobody]).toEqual([[], []]);
});

it("finds what nobody deploys, and what two stacks do", () => {
  const { text, problems } = list(
    file("staging"),
    file("prod", { articles: true, kernels: true, clusters: ["campus"] }),
    file("prod-campus", { clusters: ["campus"] }, "staging"),
  );
  expect(text).toContain("! no stack of prod deploys the cluster hpc\n");
  expect(text).toMatch(/✗ lectern:scope: the cluster campus would be deployed by prod and by prod-campus\./);
  expect(problems).toHaveLength(1);
});

it("finds a production stack whose staging does not deploy the same, and the one that does", () => {
  const { problems } = list(
    file("staging"),
    file("prod", { articles: true, kernels: true, clusters: ["hpc"] }),
    file("prod-campus", { clusters: ["campus"] }),
  );
  expect(problems).toMatchObject([
    {
      file: "Pulumi.prod-campus.yaml",
      message: expect.stringMatching(
        /^staging-campus, .* has no file and does not deploy the cluster campus/,
      ),
      remedy: "Set lectern:stagingStack to staging, which does",
    },
  ]);
});

it("finds a scope that names a cluster which is not in the catalog", () => {
  expect(list(file("staging", { clusters: ["capmus"] })).problems).toMatchObject([
    { file: "Pulumi.staging.yaml", message: "the catalog does not have the cluster capmus" },
  ]);
});
