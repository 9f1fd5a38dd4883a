/** The environments that may be deployed in parts. */
export const ENVIRONMENTS = ["staging", "prod"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

export const isEnvironment = (name: string): name is Environment =>
  (ENVIRONMENTS as readonly string[]).includes(name);

/** The stack that a file of the project configures: `prod-campus` of `Pulumi.prod-campus.yaml`; undefined for any other file. */
export const stackOfFile = (name: string) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1];

/** The environment of a stack: `prod` of `prod` and of `prod-campus`. */
export const environmentOf = (stack: string) => stack.split("-")[0] ?? stack;

/** What a stack's name has after its environment: `-campus` of `prod-campus`, nothing of `prod`. */
export const suffixOf = (stack: string) => stack.slice(environmentOf(stack).length);

/** Whether a stack deploys a part of an environment. */
export const isShard = (stack: string) => suffixOf(stack) !== "";

/** The stack that proves what a production stack gets: `staging-campus` for `prod-campus`. */
export const stagingOf = (stack: string) => `staging${suffixOf(stack)}`;
