import * as pulumi from "@pulumi/pulumi";

/** The outputs of the last deployment of a stack, as far as they are known. */
export interface StackOutputs {
  /** The value of one output; undefined where the stack or the output isn't there. */
  get<T>(name: string): Promise<T | undefined>;
}

const REFERENCES = new Map<string, pulumi.StackReference>();

/** The outputs of another stack: `organization/project/stack`. */
export function outputsOf(stack: string): StackOutputs {
  const reference = REFERENCES.get(stack) ?? new pulumi.StackReference(stack);
  REFERENCES.set(stack, reference);
  return {
    // The other stack's program is of this repository: it decides the shape, and its version may be older.
    get: async <T>(name: string) => (await reference.getOutputDetails(name)).value as T | undefined,
  };
}

/** What this stack itself said when it was last deployed. */
export function ownOutputs(): StackOutputs {
  return outputsOf(siblingStack(pulumi.getStack()));
}

/** The full name of a stack of this project and organization. */
export function siblingStack(stack: string): string {
  return `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
}
