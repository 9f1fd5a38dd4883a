/** The environment of a stack: `prod` of `prod` and of `prod-campus`. */
export const environmentOf = (stack: string) => stack.split("-")[0] ?? stack;

/** What a stack's name has after its environment: `-campus` of `prod-campus`, nothing of `prod`. */
export const suffixOf = (stack: string) => stack.slice(environmentOf(stack).length);

/** Whether a stack deploys a part of an environment. */
export const isShard = (stack: string) => suffixOf(stack) !== "";

/** The stack that proves what a production stack gets: `staging-campus` for `prod-campus`. */
export const stagingOf = (stack: string) => `staging${suffixOf(stack)}`;
