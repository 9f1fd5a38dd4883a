import type * as pulumi from "@pulumi/pulumi";

/** What an output holds; undefined where that is not known before `up`. */
export async function known<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  // Every output has it; the SDK's types leave it out.
  const { isKnown } = output as unknown as { readonly isKnown: Promise<boolean> };
  if (!(await isKnown)) return undefined;
  return new Promise((resolve) => output.apply(resolve));
}
