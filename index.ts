import * as pulumi from "@pulumi/pulumi";
import { LecternError } from "./components/problem/problem.ts";

// The SDK takes a stack for each promise of each resource: with long ones, a large catalog waits for little else.
Error.stackTraceLimit = 2;

/** The program of each stack; which one runs is what the stack is called. */
const PROGRAMS: Record<string, () => Promise<{ program: () => Promise<Record<string, unknown>> }>> = {
  sandbox: () => import("./stacks/sandbox.ts"),
  staging: () => import("./stacks/staging.ts"),
  prod: () => import("./stacks/prod.ts"),
};

export default async function main(): Promise<Record<string, unknown>> {
  const stack = pulumi.getStack();
  const load = PROGRAMS[stack];
  if (!load) {
    const names = Object.keys(PROGRAMS).join(", ");
    throw new pulumi.RunError(`No program for the stack "${stack}". Call the stack one of: ${names}.`);
  }
  try {
    return await (await load()).program();
  } catch (error) {
    // User errors print without a stack trace.
    if (error instanceof LecternError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
