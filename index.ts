import * as pulumi from "@pulumi/pulumi";
import { LecternError } from "./components/problem/problem.ts";
import { environmentOf } from "./stacks/shards/stack-name.ts";

// The SDK takes a stack for each promise of each resource: with long ones, a large catalog waits for little else.
Error.stackTraceLimit = 2;

const fromCatalog = () => import("./stacks/from-catalog.ts");

/** The program of each stack; which one runs is what the stack's name begins with. */
const PROGRAMS: Record<string, () => Promise<{ program: () => Promise<Record<string, unknown>> }>> = {
  sandbox: fromCatalog,
  staging: fromCatalog,
  prod: () => import("./stacks/prod.ts"),
  action: fromCatalog,
};

export default async function main(): Promise<Record<string, unknown>> {
  const stack = pulumi.getStack();
  const load = PROGRAMS[environmentOf(stack)];
  if (!load) {
    const names = Object.keys(PROGRAMS).join(", ");
    const message = `No program for the stack "${stack}". Call the stack one of: ${names}`;
    throw new pulumi.RunError(`${message}; or a part of one, such as prod-campus.`);
  }
  try {
    return await (await load()).program();
  } catch (error) {
    // User errors print without a stack trace.
    if (error instanceof LecternError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
